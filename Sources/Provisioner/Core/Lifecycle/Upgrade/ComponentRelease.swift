/// A version as its project or its package writes it, in the order that dpkg knows: numbers by value, `~` before the end.
package struct ComponentRelease: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    package init(_ text: some StringProtocol) { self.text = String(text) }

    package var description: String { text }

    /// Major and minor number.
    package var line: (Int, Int)? { SupportMatrix.majorMinor(text) }

    /// Whether it is what somebody meant who wrote `wanted`: the same, or the same with a package's revision.
    package func matches(_ wanted: String) -> Bool {
        guard text != wanted, text.hasPrefix(wanted) else { return text == wanted }
        return text.dropFirst(wanted.count).first.map { "~+-".contains($0) } ?? false
    }

    package static func < (left: Self, right: Self) -> Bool {
        var (a, b) = (Array(left.text.utf8)[...], Array(right.text.utf8)[...])
        while !a.isEmpty || !b.isEmpty {
            let (wordA, wordB) = (take(&a) { !isDigit($0) }, take(&b) { !isDigit($0) })
            for index in 0..<max(wordA.count, wordB.count) {
                let (x, y) = (weight(wordA, index), weight(wordB, index))
                if x != y { return x < y }
            }
            let (numberA, numberB) = (take(&a, while: isDigit), take(&b, while: isDigit))
            let (x, y) = (numberA.drop { $0 == 0x30 }, numberB.drop { $0 == 0x30 })
            if x.count != y.count { return x.count < y.count }
            if !x.elementsEqual(y) { return x.lexicographicallyPrecedes(y) }
        }
        return false
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let head = rest.prefix(while: fits)
        rest = rest.dropFirst(head.count)
        return head
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func weight(_ word: ArraySlice<UInt8>, _ offset: Int) -> Int {
        guard offset < word.count else { return 0 }
        let byte = word[word.startIndex + offset]
        if byte == 0x7E { return -1 }
        let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        return isLetter ? Int(byte) : Int(byte) + 256
    }
}
