import Templates

/// Reads a network from text that was checked before.
enum CIDRText {
    static func network(_ text: String) -> CIDR? { CIDR(text) }
}
