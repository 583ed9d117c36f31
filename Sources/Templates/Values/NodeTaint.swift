/// A taint of a node, `key=value:Effect`.
package struct NodeTaint: Sendable, Hashable, CustomStringConvertible {
    package var key: String
    package var value: String
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    package var effect: String

    package init(key: String, value: String, effect: String) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    package var description: String { "\(key)=\(value):\(effect)" }

    package var object: OrderedValue { ["key": .string(key), "value": .string(value), "effect": .string(effect)] }
}
