internal import COpenSSL

/// A failed call of libcrypto with everything in its error queue.
///
/// The queue is per thread; it is drained in the same synchronous function that failed.
package struct OpenSSLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was attempted.
    package let attempted: String
    /// The library's reasons, oldest first.
    package let reasons: [String]

    /// Empties this thread's error queue.
    init(attempted: String) {
        self.attempted = attempted
        var reasons: [String] = []
        var code = ERR_get_error()
        while code != 0 {
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &text, text.count)
            reasons.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            code = ERR_get_error()
        }
        self.reasons = reasons
    }

    package var description: String {
        "\(attempted): \(reasons.isEmpty ? "failed" : reasons.joined(separator: "; "))"
    }
}

/// Throws where a call did not return one.
func require(_ result: Int32, _ attempted: String) throws(OpenSSLError) {
    guard result == 1 else { throw OpenSSLError(attempted: attempted) }
}
