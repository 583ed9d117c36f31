import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionSSH
import Templates

/// `provision kubeconfig`: the administrator's way to the API.
struct KubeconfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubeconfig",
        abstract: "Write a kubeconfig for the administrator or a user, merge it, or make a PKCS#12 file.",
        discussion: """
            EXAMPLES:
              provision kubeconfig inventory.yaml > kubeconfig
              provision kubeconfig --output ~/.kube/hard-way inventory.yaml
              provision kubeconfig --merge inventory.yaml   # with a back-up beside it
              provision kubeconfig --user jane --group developers --ttl 8h \\
                  inventory.yaml > jane.conf
              provision kubeconfig --user jane --namespace shop --role view \\
                  inventory.yaml > jane.conf
              provision kubeconfig --user ci --namespace shop --role deployer \\
                  --allow get,list,patch:deployments.apps --grant \\
                  inventory.yaml > ci.conf
              provision kubeconfig --pkcs12 admin.p12 --password-file secret inventory.yaml
              provision kubeconfig --user jane --ttl 1h --pkcs12 jane.p12 inventory.yaml
              curl --cert-type P12 --cert admin.p12:... --cacert ca.crt \\
                  https://192.168.2.8:6443/version

            A merge never replaces what is not this cluster's: an entry of the same name with another server or authority is \
            refused. The merged context is named CLUSTER, and USER@CLUSTER for a --user.

            Exit status: 0 written, 1 not written, 5 another run is at work in the store, 8 refused: the store holds no cluster, \
            lacks a key, or waits for a signature; a reserved name; a foreign entry; a password file that others can read, 64 \
            usage, 78 inventory invalid.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .customLong("output"),
        help: "A file, mode 0600; standard output where nothing, or -, is given.",
        completion: .file()
    )
    var file: String?

    @Flag(name: .long, help: "Merge into $KUBECONFIG or ~/.kube/config.")
    var merge = false

    @Option(name: .long, help: "Write a PKCS#12 file for curl or a browser.", completion: .file())
    var pkcs12: String?

    @Option(
        name: .long,
        help: "A file, mode 0600, whose first line is the PKCS#12 password; else it is asked.",
        completion: .file()
    )
    var passwordFile: String?

    @Option(name: .long, help: "Not the administrator but a person or a program of this name.")
    var user: String?

    @Option(name: .long, help: "A group of that user, for RBAC; may be repeated.")
    var group: [String] = []

    @Option(
        name: .long,
        help: "How long that user's certificate lives, for example 90m; 8h where nothing is given.",
        transform: TimeSpan.read
    )
    var ttl: TimeSpan?

    @Option(name: .long, help: "The namespace of that user's context, and of --role.")
    var namespace: String?

    @Option(name: .long, help: "What that user may do there: view, edit, admin, or a Role of that namespace.")
    var role: String?

    @Option(name: .long, help: "A rule of that Role, for example get,list:pods,services; may be repeated.")
    var allow: [String] = []

    @Flag(
        name: .long,
        help: "Also make the RoleBinding, and the Role where --allow is given; without it they are only shown."
    )
    var grant = false

    func validate() throws {
        try validateIdentity()
        try validateDestination()
        if role != nil, namespace == nil { throw ValidationError("--role needs the --namespace in which it holds") }
        if role == nil, grant || !allow.isEmpty { throw ValidationError("--allow and --grant need a --role") }
        for (option, name) in [("--namespace", namespace), ("--role", role)] {
            guard let name, !UserAccessManifest.isName(name) else { continue }
            throw ValidationError("\(option) \(name): not a name of an object")
        }
        for rule in allow where UserAccessManifest.Rule(rule) == nil {
            throw ValidationError(
                "--allow \(rule): write VERBS:RESOURCES, for example get,list:pods or patch:deployments.apps"
            )
        }
    }

    private func validateIdentity() throws {
        if user == nil {
            let given = [
                ("--group", !group.isEmpty), ("--ttl", ttl != nil), ("--namespace", namespace != nil),
                ("--role", role != nil),
            ].filter(\.1).map(\.0)
            guard let option = given.first else { return }
            throw ValidationError("\(option) is a user's, and this is the administrator's way; add --user NAME")
        }
        for (option, name) in [("--user", user ?? "")] + group.map({ ("--group", $0) }) {
            if name.allSatisfy(\.isWhitespace) { throw ValidationError("\(option): this name is empty") }
            let size = name.utf8.count
            guard size > 64 else { continue }
            throw ValidationError("\(option) \(name): \(size) bytes; a certificate's names have up to 64 (X.520)")
        }
        if let ttl, ttl.seconds == 0 { throw ValidationError("--ttl takes more than no time") }
    }

    private func validateDestination() throws {
        let given = [("--pkcs12", pkcs12 != nil), ("--merge", merge), ("--output", file != nil)].filter(\.1).map(\.0)
        if given.count > 1 {
            throw ValidationError("\(given.joined(separator: " and ")) each say where it goes; give one")
        }
        if passwordFile != nil, pkcs12 == nil { throw ValidationError("--password-file is for --pkcs12 FILE") }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        let spec = inventory.spec
        try StoreGuard.requireCluster(spec, console)
        let secret = try pkcs12.map { try password(for: $0, console) }
        let person = user.map {
            CertificateRequests.person($0, groups: group, lifetime: ttl?.seconds ?? 8 * 3600, spec)
        }
        let issue = AccessIssue(
            materials: Materials(spec: spec, console: console, places: Places(), mayAsk: !options.noInput)
        )
        let access: APIAccess
        if let person { access = try await issue.user(person) } else { access = try await issue.administrator() }
        if let user, let namespace, let role {
            let rights = UserAccessManifest(
                user: user,
                groups: group,
                namespace: namespace,
                role: role,
                rules: allow.compactMap { UserAccessManifest.Rule($0) }
            )
            try await make(rights, inventory, console)
        }
        try await issue.record(access)
        try deliver(access, secret, issue, console)
        if let person { try issue.discard(person) }
    }

    private func deliver(
        _ access: APIAccess,
        _ password: Secret<String>?,
        _ issue: AccessIssue,
        _ console: Console
    ) throws {
        if let pkcs12, let password {
            try PrivateFile.write(try access.pkcs12(password: password).reveal(), to: Places.absolute(pkcs12))
            return console.note("wrote \(pkcs12)")
        }
        let kubeconfig = access.kubeconfig(namespace: namespace)
        if merge {
            let path = KubeconfigMerge.target()
            let earlier = try issue.earlierAuthorities()
            let backup = try KubeconfigMerge(kubeconfig: kubeconfig, cluster: access.spec.name, earlier: earlier)
                .merge(into: path)
            console.result("merged into \(path)\(backup.map { ", the old file is \($0)" } ?? "")")
        } else if let file, file != "-" {
            try PrivateFile.write(Array(kubeconfig.utf8), to: Places.absolute(file))
            console.note("wrote \(file); try: kubectl --kubeconfig \(file) get nodes")
        } else {
            console.result(kubeconfig)
        }
    }

    /// Shows what the user may do, and makes it so where that was asked for.
    private func make(_ access: UserAccessManifest, _ inventory: LoadedInventory, _ console: Console) async throws {
        console.note("---\n" + access.text)
        guard grant else { return console.note("nothing was granted; add --grant, or pipe it into kubectl apply -f -") }
        try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        guard let host = inventory.spec.hosts(.controller).first else {
            throw CommandFailure("there is no controller", remedy: "add one", status: .inventoryInvalid)
        }
        let connector = HostConnector(inventory.spec, options, console)
        let words = try await HostScripts(connector: connector).require(
            "T=30s\n" + HereDocument(content: Array(access.text.utf8)).feeding("kc apply -f -"),
            on: host,
            attempted: "grant \(access.role) in \(access.namespace)",
            remedy: "does the namespace exist? kubectl create namespace \(access.namespace)"
        )
        words.split(separator: "\n").forEach { console.note(String($0)) }
    }

    private func password(for path: String, _ console: Console) throws -> Secret<String> {
        if let passwordFile { return try SecretFile.firstLine(passwordFile) }
        guard !options.noInput, console.canAsk, let typed = try Prompt.newSecret("password for \(path)") else {
            throw CommandFailure("a PKCS#12 file needs a password", remedy: "use --password-file", status: .usage)
        }
        return Secret(typed)
    }
}
