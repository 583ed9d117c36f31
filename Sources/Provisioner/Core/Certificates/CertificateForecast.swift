import Templates

/// What ends until a time, in order: what `apply` renews before it, and what nobody can renew any more.
package struct CertificateForecast: Sendable {
    package struct Leaf: Sendable, Hashable {
        package var identifier: String
        package var authority: String
        /// Seconds since 1970.
        package var start: Int64
        package var end: Int64

        package init(identifier: String, authority: String, start: Int64, end: Int64) {
            self.identifier = identifier
            self.authority = authority
            self.start = start
            self.end = end
        }
    }

    package struct Authority: Sendable, Hashable {
        package var name: String
        package var subject: String
        /// Seconds since 1970.
        package var end: Int64
        /// Whether the store can issue with it.
        package var hasKey: Bool
        /// Seconds that a leaf is meant to live.
        package var leafLifetime: Int64

        package init(name: String, subject: String, end: Int64, hasKey: Bool, leafLifetime: Int64) {
            self.name = name
            self.subject = subject
            self.end = end
            self.hasKey = hasKey
            self.leafLifetime = leafLifetime
        }
    }

    /// Something that happens by itself.
    package struct Event: Sendable, Hashable, Codable {
        /// A leaf's identifier, or an authority's common name.
        package var subject: String
        /// Seconds since 1970.
        package var time: Int64
        package var text: String
    }

    private let leaves: [Leaf]
    private let authorities: [Authority]
    /// Seconds since 1970.
    private let now: Int64

    package init(leaves: [Leaf], authorities: [Authority], now: Int64) {
        self.leaves = leaves
        self.authorities = authorities
        self.now = now
    }

    /// What happens, the first to come first.
    ///
    /// - Parameter limit: Seconds since 1970.
    /// - Returns: Ends, and times from which on something cannot be renewed any more.
    package func events(until limit: Int64) -> [Event] {
        var events = leaves.filter { $0.end <= limit }.map {
            Event(subject: $0.identifier, time: $0.end, text: text($0))
        }
        for authority in authorities {
            let short = authority.end - authority.leafLifetime
            func happens(_ time: Int64, _ text: String) {
                events.append(Event(subject: authority.subject, time: time, text: text))
            }
            if authority.hasKey, short <= limit, authority.end > now {
                let text = "what \(authority.subject) issues from \(on(short)) on ends with it; rotate it before that"
                happens(max(short, now), text)
            }
            guard authority.end <= limit else { continue }
            let offline = authority.end <= now ? "provision certs rotate --offline" : "provision certs rotate"
            happens(authority.end, "\(authority.subject) \(ends(authority.end)), and all that it issued: \(offline)")
        }
        return events.sorted { ($0.time, $0.text) < ($1.time, $1.text) }
    }

    /// One line per event, then the count.
    package func lines(until limit: Int64) -> [String] {
        let ending = leaves.count { $0.end <= limit }
        let days = (limit - now) / 86_400
        return events(until: limit).map(\.text)
            + ["\(ending) of \(counted(leaves.count, "certificate")) end within \(counted(days, "day"))"]
    }

    private func text(_ leaf: Leaf) -> String {
        let authority = authorities.last { $0.name == leaf.authority }
        let end = "\(leaf.identifier) \(ends(leaf.end))"
        guard authority?.hasKey ?? false else {
            return "\(end); it must be signed elsewhere: the key of \(leaf.authority) is not in this store"
        }
        if let authority, leaf.end >= authority.end {
            return "\(end) together with \(authority.subject), and cannot be renewed beyond that"
        }
        if leaf.end <= now {
            return "\(end); provision certs renew --expiring-within 0s, or --offline where no API answers"
        }
        return "\(end); apply renews it from \(on(leaf.end - (leaf.end - leaf.start) / 3)) on"
    }

    private func ends(_ time: Int64) -> String {
        let days = (time - now) / 86_400
        return time <= now ? "ended \(counted(-days, "day")) ago" : "ends in \(counted(days, "day"))"
    }

    private func on(_ time: Int64) -> String { "day \(max(0, (time - now) / 86_400))" }
}
