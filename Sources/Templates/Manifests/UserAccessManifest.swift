/// What a person may do in one namespace: a RoleBinding, and the Role where its rules are given.
package struct UserAccessManifest: Sendable {
    /// Verbs on resources of one API group, as `get,list:pods,services` or `get,list:deployments.apps`.
    package struct Rule: Sendable, Hashable {
        package var verbs: [String]
        package var group: String
        package var resources: [String]

        /// Reads a rule; `nil` where it is none.
        ///
        /// All resources of a rule are of one group.
        package init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let names = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { name in
                let pieces = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (resource: pieces[0], group: pieces.count > 1 ? pieces[1] : "")
            }
            verbs = parts[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            group = names.first?.group ?? ""
            resources = names.map(\.resource)
            let words = verbs + resources.map { $0.split(separator: "/").joined() }
            guard words.allSatisfy({ $0 == "*" || (!$0.isEmpty && $0.allSatisfy { $0.isLetter && $0.isASCII }) }),
                names.allSatisfy({ [group] in $0.group == group }), UserAccessManifest.isName(group, orEmpty: true)
            else { return nil }
        }
    }

    package var user: String
    package var groups: [String]
    package var namespace: String
    package var role: String
    /// Of the Role; none binds what exists: a ClusterRole of Kubernetes (`view`, `edit`, `admin`), else a Role there.
    package var rules: [Rule]

    package init(user: String, groups: [String], namespace: String, role: String, rules: [Rule]) {
        self.user = user
        self.groups = groups
        self.namespace = namespace
        self.role = role
        self.rules = rules
    }

    /// Lower-case names of objects (RFC 1123, with dots).
    package static func isName(_ text: String, orEmpty: Bool = false) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return orEmpty }
        func isWord(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        return text.utf8.count <= 253 && isWord(first) && isWord(last)
            && text.utf8.allSatisfy { isWord($0) || $0 == 0x2D || $0 == 0x2E }
    }

    private static let group = "rbac.authorization.k8s.io"
    private static let clusterRoles = ["view", "edit", "admin", "cluster-admin"]

    /// The YAML documents, as `kubectl apply -f -` takes them.
    package var text: String { YAMLText.encode(documents: (rules.isEmpty ? [] : [roleObject]) + [binding]) }

    private var roleObject: OrderedValue {
        let rules = rules.map { rule -> OrderedValue in
            [
                "apiGroups": [.string(rule.group)], "resources": .array(rule.resources.map { .string($0) }),
                "verbs": .array(rule.verbs.map { .string($0) }),
            ]
        }
        return KubernetesObject.make(
            "\(Self.group)/v1",
            "Role",
            name: role,
            namespace: namespace,
            fields: [.init("rules", .array(rules))]
        )
    }

    private var binding: OrderedValue {
        let kind = rules.isEmpty && Self.clusterRoles.contains(role) ? "ClusterRole" : "Role"
        let reference: OrderedValue = [
            "apiGroup": .string(Self.group), "kind": .string(kind), "name": .string(role),
        ]
        let subjects = groups.isEmpty ? [("User", user)] : groups.map { ("Group", $0) }
        let name = "\(role)-\(subjects.map { Self.slug($0.1) }.joined(separator: "-"))"
        return KubernetesObject.make(
            "\(Self.group)/v1",
            "RoleBinding",
            name: name,
            namespace: namespace,
            fields: [
                .init("roleRef", reference),
                .init("subjects", .array(subjects.map { KubernetesObject.subject($0.0, $0.1) })),
            ]
        )
    }

    /// A user's name as part of an object's name.
    private static func slug(_ name: String) -> String {
        let plain = name.lowercased().utf8.map { byte -> Character in
            let isPlain = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
            return isPlain ? Character(Unicode.Scalar(byte)) : "-"
        }
        let text = String(plain.drop { $0 == "-" })
        return text.isEmpty ? "user" : String(text.reversed().drop { $0 == "-" }.reversed())
    }
}
