/// What one host says about itself, read in one round trip.
package struct HostFacts: Sendable, Equatable {
    /// A socket that listens, and who holds it.
    package struct Listener: Sendable, Hashable, CustomStringConvertible {
        package var port: UInt16
        /// `?` where the host does not say it.
        package var process: String
        package var pid: Int?

        /// `6443 held by nginx (pid 812)`.
        package var description: String {
            "\(port) held by \(process)\(pid.map { " (pid \($0))" } ?? "")"
        }
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
    /// Kernel settings of ours that another file changes at the next boot, in words.
    package var lostSettings: [String] = []
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
            case "lost": lostSettings.append(words[1])
            case "missing": missingTools.append(words[1])
            case "blocked": unreachablePeers.append(words[1])
            default: values[words[0]] = words[1]
            }
        }
    }

    private mutating func read(listener text: String) {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let port = words[0].split(separator: ":").last.flatMap({ UInt16($0) }) else { return }
        let holder = words.count > 1 ? words[1] : ""
        let process = holder.split(separator: "\"").dropFirst().first.map(String.init)
        let pid = holder.firstRange(of: "pid=").flatMap { Int(holder[$0.upperBound...].prefix(while: \.isNumber)) }
        listeners.append(Listener(port: port, process: process ?? "?", pid: pid))
    }

    package func number(_ key: String) -> Int? { values[key].flatMap { Int($0) } }
}
