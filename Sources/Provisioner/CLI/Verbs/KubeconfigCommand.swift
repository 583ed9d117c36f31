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
        abstract: "Write the admin kubeconfig, merge it, or make a PKCS#12 file of it.",
        discussion: """
            EXAMPLES:
              provision kubeconfig inventory.yaml > kubeconfig
              provision kubeconfig --output ~/.kube/hard-way inventory.yaml
              provision kubeconfig --merge inventory.yaml   # into $KUBECONFIG or ~/.kube/config, with a back-up
              provision kubeconfig --user jane --group developers --ttl 8h inventory.yaml > jane.conf
              provision kubeconfig --user jane --namespace shop --role view inventory.yaml > jane.conf
              provision kubeconfig --user ci --namespace shop --role deployer --allow get,list,patch:deployments.apps \\
                --grant inventory.yaml > ci.conf
              provision kubeconfig --pkcs12 admin.p12 --password-file secret inventory.yaml
              curl --cert-type P12 --cert admin.p12:... --cacert ca.crt https://192.168.2.8:6443/version
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("output"), help: "A file, mode 0600; - is standard output.", completion: .file())
    var file = "-"

    @Flag(name: .long, help: "Merge into $KUBECONFIG or ~/.kube/config.")
    var merge = false

    @Option(name: .long, help: "Write a PKCS#12 file for curl or a browser.", completion: .file())
    var pkcs12: String?

    @Option(name: .long, help: "A file whose first line is the PKCS#12 password.", completion: .file())
    var passwordFile: String?

    @Option(name: .long, help: "Not the administrator but a person or a program of this name.")
    var user: String?

    @Option(name: .long, help: "A group of that user, for RBAC; may be repeated.")
    var group: [String] = []

    @Option(name: .long, help: "How long that user's certificate lives.")
    var ttl = TimeSpan(seconds: 8 * 3600)

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
        guard user != nil || (namespace == nil && role == nil) else {
            throw ValidationError("--namespace and --role are a --user's")
        }
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

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try StoreGuard.requireCluster(inventory.spec, console)
        let materials = try await Materials(
            spec: inventory.spec,
            console: console,
            places: Places(),
            mayAsk: !options.noInput
        ).gather(dryRun: false, artifacts: .none)
        if let pkcs12 {
            try writePKCS12(pkcs12, materials, inventory.spec, console)
            return
        }
        let kubeconfig = try await text(materials, inventory.spec, console)
        if let user, let namespace, let role {
            let access = UserAccessManifest(
                user: user,
                groups: group,
                namespace: namespace,
                role: role,
                rules: allow.compactMap { UserAccessManifest.Rule($0) }
            )
            try await make(access, inventory, console)
        }
        if merge {
            let path = KubeconfigMerge.target()
            let backup = try KubeconfigMerge.merge(kubeconfig, into: path, context: inventory.spec.name)
            console.result("merged into \(path)\(backup.map { ", the old file is \($0)" } ?? "")")
        } else if file == "-" {
            console.result(kubeconfig)
        } else {
            try PrivateFile.write(Array(kubeconfig.utf8), to: Places.absolute(file))
            console.note("wrote \(file); try: kubectl --kubeconfig \(file) get nodes")
        }
        try discardRequest(inventory.spec, console)
    }

    /// What was signed elsewhere for a user is kept nowhere either, once it was handed out.
    private func discardRequest(_ spec: ClusterSpec, _ console: Console) throws {
        guard let user else { return }
        let profile = CertificateRequests.person(user, groups: group, lifetime: ttl.seconds, spec)
        try Materials(spec: spec, console: console, places: Places()).store(dryRun: false).discard(profile)
    }

    /// The administrator's, or that of a user whose certificate is issued now and kept nowhere.
    private func text(_ materials: ClusterMaterials, _ spec: ClusterSpec, _ console: Console) async throws -> String {
        guard let user else { return Planner(spec: spec, materials: materials).adminKubeconfig().text }
        for name in [user] + group where name.hasPrefix("system:") {
            throw CommandFailure(
                "\(name): names that begin with system: are the cluster's own",
                remedy: "use a group of your own and bind it: kubectl create clusterrolebinding",
                status: .refused
            )
        }
        let profile = CertificateRequests.person(user, groups: group, lifetime: ttl.seconds, spec)
        guard let authority = CertificateRequests.authorities(of: spec).first(where: { $0.name == profile.issuer })
        else {
            throw CommandFailure("no authority issues for users", remedy: "run provision apply first", status: .failed)
        }
        let store = try Materials(spec: spec, console: console, places: Places()).store(dryRun: false)
        guard let leaf = try await store.ephemeral(profile, authority: authority) else {
            throw CommandFailure(
                "the authority's key lies elsewhere, and the request for \(user) waits there",
                remedy: "sign it, put the certificate beside it, and run the same again",
                status: .failed
            )
        }
        var materials = materials
        materials.leaves[user] = .init(certificate: leaf.certificate, key: leaf.key)
        return Planner(spec: spec, materials: materials).kubeconfig(of: user, namespace: namespace).text
    }

    /// Shows what the user may do, and makes it so where that was asked for.
    private func make(_ access: UserAccessManifest, _ inventory: LoadedInventory, _ console: Console) async throws {
        console.note("---\n" + access.text)
        guard grant else { return console.note("nothing was granted; add --grant, or pipe it into kubectl apply -f -") }
        try await LabGuard.check(inventory.spec, Places())
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

    private func writePKCS12(
        _ path: String,
        _ materials: ClusterMaterials,
        _ spec: ClusterSpec,
        _ console: Console
    ) throws {
        let password: Secret<String>
        if let passwordFile {
            password = try SecretFile.firstLine(passwordFile)
        } else if let typed = options.noInput || !console.isInteractive ? nil : Prompt.secret("password for \(path)") {
            password = Secret(typed)
        } else {
            throw CommandFailure("a PKCS#12 file needs a password", remedy: "use --password-file", status: .usage)
        }
        guard let admin = materials.leaves["admin"] else {
            throw CommandFailure("there is no admin certificate", remedy: "run provision apply first", status: .failed)
        }
        let bytes = try PKCS12.export(
            certificate: admin.certificate,
            key: admin.key,
            authority: materials.authorities["kubernetes-ca"] ?? [],
            name: "kubernetes-admin@\(spec.name)",
            password: password
        )
        try PrivateFile.write(bytes.reveal(), to: Places.absolute(path))
        console.note("wrote \(path)")
    }
}
