/// What one host says about itself, read in one round trip.
package struct HostFacts: Sendable, Equatable {
    /// A socket that listens, and who holds it.
    package struct Listener: Sendable, Hashable {
        package var port: UInt16
        package var process: String
    }

    /// Single values, by the keys that the script prints.
    package var values: [String: String] = [:]
    package var listeners: [Listener] = []
    /// Addresses that the host holds.
    package var addresses: Set<String> = []
    /// The network interface that holds an address.
    package var interfaces: [String: String] = [:]
    package var leftovers: [String] = []
    /// Programs that were not found.
    package var missingTools: [String] = []
    /// `ADDRESS:PORT` of other hosts that did not answer at all.
    package var unreachablePeers: [String] = []
    /// Host's clock minus ours, in milliseconds, as well as half a round trip lets it be known.
    package var clockOffset = 0

    /// Whether the script's last line was seen: half of it looks like a host without any problem.
    package var isComplete: Bool { values["facts"] == "complete" }

    package init() {}

    /// Reads `key value...` lines; what is not understood is left out.
    package init(output: String) {
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "listen": read(listener: words[1])
            case "address":
                let parts = words[1].split(separator: " ").map(String.init)
                guard let address = parts.first else { continue }
                addresses.insert(address)
                if parts.count > 1 { interfaces[address] = parts[1] }
            case "leftover": leftovers.append(words[1])
            case "missing": missingTools.append(words[1])
            case "blocked": unreachablePeers.append(words[1])
            default: values[words[0]] = words[1]
            }
        }
    }

    private mutating func read(listener text: String) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let port = words[0].split(separator: ":").last.flatMap({ UInt16($0) }) else { return }
        let process = words.count > 1 ? words[1].split(separator: "\"").dropFirst().first.map(String.init) : nil
        listeners.append(Listener(port: port, process: process ?? "?"))
    }

    package func number(_ key: String) -> Int? { values[key].flatMap { Int($0) } }
}
