/// A word that a host cannot have known before.
package enum Nonce {
    /// 64 random bits, as letters and digits.
    package static func make() -> String {
        "n" + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
