package import PKI

/// When pods start again in a rotation, and which of them must have.
extension Rotation {
    /// The same whenever a step is done again, from another copy of the store too, and another one in every step of every
    /// rotation: pods that have it started after what that step changed.
    ///
    /// - Parameter roots: What they must read anew.
    /// - Returns: A word.
    package func restartMark(for roots: [TrustRoot]) -> String {
        let way = (isRollingBack ? ["back"] : []) + (recovery == nil ? [] : ["recovery"])
        let names = roots.map(\.rawValue).joined(separator: "+")
        return ([id, phase.rawValue] + way + [names]).joined(separator: "/")
    }

    /// Whether the step after this one locks pods out that have not restarted.
    ///
    /// From `trust-both` the API servers present the new authority's leaves; behind a token key that signs anew, the
    /// other key goes. When an authority leaves, pods that still trust it as well go on.
    ///
    /// - Parameter root: What they must read anew.
    /// - Returns: Whether each pod of kube-system must have restarted.
    package func needsEveryPod(of root: TrustRoot) -> Bool {
        root == .serviceAccount || root == .kubernetes && phase == .trustBoth
    }
}
