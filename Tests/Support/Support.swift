import ODCVCore
