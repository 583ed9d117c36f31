extension RenderedFile.Secrecy {
    /// Fields and flags whose value is a secret itself, not its place: a registry's login, a request's header, a key.
    private static let telling: Set = [
        "auth", "header", "headers", "identitytoken", "keydata", "manifest-url-header", "password", "secret",
        "staticpodurlheader", "token",
    ]

    /// For files to which operators may add: open, unless one of the names tells of a secret.
    package static func judged(by names: [String]) -> Self {
        names.contains { telling.contains($0.lowercased()) } ? .secret : .open
    }
}
