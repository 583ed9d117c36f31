package import Templates

/// Gives each worker without a pod network its part of the cluster's range.
///
/// A pure function of the positions: worker `i` gets the `i`-th part. Where another worker was given that part, it
/// comes from the far end of the range instead, so that nobody else moves and adding workers at the end moves nobody.
package enum PodNetworkAllocation {
    /// - Returns: One network per worker, `nil` where none is left.
    package static func allocate(given: [CIDR?], from range: CIDR, nodePrefixLength: Int) -> [CIDR?] {
        let length = max(nodePrefixLength, range.prefixLength)
        let step = length >= 32 ? 1 : UInt32(1) << UInt32(32 - length)
        let count = 1 << (length - range.prefixLength)
        var taken = slots(of: given.compactMap { $0 }, in: range, step: step)
        for index in given.indices where given[index] == nil && index < count && !taken.contains(index) {
            taken.insert(-index - 1)
        }
        let preferred = Set(taken.filter { $0 < 0 }.map { -$0 - 1 })
        var top = count - 1
        return given.enumerated().map { index, network in
            if let network { return network }
            if preferred.contains(index) { return part(index, of: range, step: step, length: length) }
            while top >= 0, taken.contains(top) || preferred.contains(top) { top -= 1 }
            guard top >= 0 else { return nil }
            defer { top -= 1 }
            return part(top, of: range, step: step, length: length)
        }
    }

    private static func part(_ index: Int, of range: CIDR, step: UInt32, length: Int) -> CIDR? {
        CIDR(address: IPv4Address(bits: range.network.bits &+ UInt32(index) &* step), prefixLength: length)
    }

    /// The parts which given networks touch.
    private static func slots(of networks: [CIDR], in range: CIDR, step: UInt32) -> Set<Int> {
        var slots: Set<Int> = []
        for network in networks where range.contains(network) {
            let first = (network.network.bits - range.network.bits) / step
            let last = (network.lastAddress.bits - range.network.bits) / step
            slots.formUnion(Int(first)...Int(last))
        }
        return slots
    }
}
