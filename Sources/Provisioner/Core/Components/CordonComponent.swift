/// Nodes that an upgrade cordoned are given back, also where the run that did it was cut off.
struct CordonComponent: Component {
    static let stageName = "uncordon"

    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard context.leads(host), !context.spec.hosts(.worker).isEmpty else { return [] }
        let template = """
            {{range .items}}{{if .spec.unschedulable}}{{with .metadata.annotations}}{{index . "\(NodeDrain.annotation)"}}{{end}} \
            {{.metadata.name}}{{"\\n"}}{{end}}{{end}}
            """
        // A node that a person cordoned, or a playbook, has no such reason and stays as it is.
        let ours = """
            ours() { kc get nodes -o 'go-template=\(template)' | sed -n 's/^\(Upgrade.reasonPrefix): .* //p'; }
            """
        let resource = CommandResource(
            id: "nodes:uncordoned",
            title: "no node is left cordoned by an upgrade",
            reason: "a finished node takes pods",
            check: """
                \(ours)
                n=$(ours) || { echo "$n"; exit 1; }; [ -z "$n" ] || { echo $n cordoned by an upgrade that was cut off; exit 1; }
                """,
            action: Action(
                kind: .update,
                title: "uncordon what an upgrade left cordoned",
                script: """
                    \(ours)
                    for n in $(ours); do kc patch node $n --type merge \
                    -p '{"spec":{"unschedulable":null},"metadata":{"annotations":{"\(NodeDrain.annotation)":null}}}'; done
                    """,
                seconds: 120
            )
        )
        return [Stage(Self.stageName, needs: [.allNodesReady, .accessGranted], resources: [resource])]
    }
}
