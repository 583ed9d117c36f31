/// A word that a host cannot have known before.
package enum Nonce {
    /// 64 random bits, as letters and digits.
    package static func make() -> String {
        "n" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// 128 random bits, as 32 hexadecimal digits.
    package static func token() -> String {
        String((0..<32).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }
}
