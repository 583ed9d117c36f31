/// What a flag or a field must say.
struct BenchmarkValue: Sendable {
    /// After "must", for people.
    let words: String
    /// Of the value that stands there; `nil` where there is none.
    let accepts: @Sendable (String?) -> Bool

    /// What is wrong with a value.
    ///
    /// - Parameters:
    ///   - place: The unit and its flag, or the file and its field.
    ///   - found: What stands there.
    /// - Returns: `nil` where it is as it must be.
    func complaint(_ place: String, _ found: String?) -> String? {
        accepts(found) ? nil : "\(place) \(found.map { "is \($0)" } ?? "is not set"), must \(words)"
    }

    static let isSet = BenchmarkValue(words: "be set") { !($0 ?? "").isEmpty }
    static let isAbsent = BenchmarkValue(words: "not be set") { $0 == nil }

    static func equals(_ text: String, orAbsent: Bool = false) -> BenchmarkValue {
        BenchmarkValue(words: "be \(text)") { $0.map { $0 == text } ?? orAbsent }
    }

    static func differs(from texts: String...) -> BenchmarkValue {
        BenchmarkValue(words: "be something else") { $0.map { !texts.contains($0) } ?? false }
    }

    static func begins(with text: String) -> BenchmarkValue {
        BenchmarkValue(words: "begin with \(text)") { $0?.hasPrefix(text) == true }
    }

    /// Of a list with commas.
    static func lists(_ word: String) -> BenchmarkValue {
        BenchmarkValue(words: "list \(word)") { parts($0).contains(word) }
    }

    /// Of a list with commas.
    static func lacks(_ word: String, orAbsent: Bool = false) -> BenchmarkValue {
        BenchmarkValue(words: "not list \(word)") { $0 == nil ? orAbsent : !parts($0).contains(word) }
    }

    /// Of a list with commas that must not be empty.
    static func listsOnly(_ words: Set<String>) -> BenchmarkValue {
        BenchmarkValue(words: "list strong ones only") { !parts($0).isEmpty && words.isSuperset(of: parts($0)) }
    }

    /// Of a list with commas, or of the gate's own field.
    static func opensGate(_ name: String) -> BenchmarkValue {
        BenchmarkValue(words: "not close \(name)") { $0 != "false" && !parts($0).contains("\(name)=false") }
    }

    static func atLeast(_ number: Int) -> BenchmarkValue {
        BenchmarkValue(words: "be \(number) or more") { $0.flatMap { Int($0) }.map { $0 >= number } ?? false }
    }

    private static func parts(_ text: String?) -> [String] { (text ?? "").split(separator: ",").map(String.init) }

    /// Cipher suites with forward secrecy and authenticated encryption, under their old and their official names.
    ///
    /// Source: the lists of checks 1.2.29 and 4.2.12 together; the second has two suites under their old names only.
    static let strongCiphers = listsOnly([
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ])
}
