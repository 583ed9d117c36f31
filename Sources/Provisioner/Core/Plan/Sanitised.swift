/// What a host printed, made safe to show: control characters, but for line ends and tabs, are taken out.
package enum Sanitised {
    package static func text(_ text: some StringProtocol, limit: Int = 4096) -> String {
        let kept = text.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) || $0 == "\n" || $0 == "\t"
        }
        return String(String(String.UnicodeScalarView(kept)).prefix(limit))
    }
}
