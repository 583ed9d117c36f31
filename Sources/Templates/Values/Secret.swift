/// A value that must never be printed: keys, passwords, tokens.
///
/// Its textual forms are redacted whatever prints them, so a log, an error or a plan cannot leak it by accident.
/// Only `reveal()` gives the value back; its call sites are the places to review.
package struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: Value

    package init(_ value: Value) { self.value = value }

    /// The secret itself.
    ///
    /// Write it only to its own file (mode 0600) or to a remote command's standard input.
    package func reveal() -> Value { value }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}
