/// Which machine a host is: asked, never changed.
package struct MachineResource: Resource {
    package static let id = "machine"

    package init() {}

    package var id: String { Self.id }
    package var title: String { "/etc/machine-id" }
    package var reason: String { "a machine that was made anew under an old name is noticed" }
    package var digest: String { "" }
    package var probe: Probe { .script("cat /etc/machine-id") }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict { .same(answer.text) }
}
