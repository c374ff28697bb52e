import ArgumentParser

@main struct Entry { static func main() { print(Realtime.probe(priority: 50).summary) } }
