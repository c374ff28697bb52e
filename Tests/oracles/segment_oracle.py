"""The least distance over a whole joint segment, refined until the bracket around it is under 10 µm."""
