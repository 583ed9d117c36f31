/// Quotes words for systemd unit files (systemd.syntax(7), systemd.service(5) "Command lines").
package enum SystemdQuoting {
    /// One argument of `ExecStart=`: specifiers (`%`), variables (`$`), quotes and control characters are escaped.
    package static func argument(_ word: String) -> String { quote(word, escapingDollar: true) }

    /// One word of `Environment=` and similar settings, which know specifiers but no variables.
    package static func word(_ word: String) -> String { quote(word, escapingDollar: false) }

    /// A command with one argument per continued line.
    package static func commandLine(_ program: String, _ arguments: [String]) -> String {
        ([argument(program)] + arguments.map(argument)).joined(separator: " \\\n  ")
    }

    private static func quote(_ word: String, escapingDollar: Bool) -> String {
        var body = ""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "%": body += "%%"
            case "$" where escapingDollar: body += "$$"
            case "\"": body += "\\\""
            case "\\": body += "\\\\"
            case "\n": body += "\\n"
            case "\r": body += "\\r"
            case "\t": body += "\\t"
            default: append(scalar, to: &body)
            }
        }
        return isPlain(word) ? body : "\"" + body + "\""
    }

    private static func append(_ scalar: Unicode.Scalar, to body: inout String) {
        guard scalar.value < 0x20 || scalar.value == 0x7F else {
            body.unicodeScalars.append(scalar)
            return
        }
        let digits = String(scalar.value, radix: 16)
        body += "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
    }

    /// Words without white space, quotes, backslashes, a leading command prefix or a comment sign need no quotes.
    private static func isPlain(_ word: String) -> Bool {
        guard let first = word.unicodeScalars.first, !"@-:+!;#|".unicodeScalars.contains(first) || word.hasPrefix("--")
        else { return false }
        return word.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value < 0x7F && scalar != "\"" && scalar != "'" && scalar != "\\"
        }
    }
}
