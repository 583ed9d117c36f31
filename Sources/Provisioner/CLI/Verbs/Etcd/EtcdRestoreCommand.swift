import ArgumentParser
import PKI
import ProvisionCore

/// `provision etcd restore`: all members from one snapshot, or from what one member still holds.
struct EtcdRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put etcd's state back on all members, from a snapshot or from a single survivor.",
        discussion: """
            EXAMPLES:
              provision etcd restore --plan --from etcd.db inventory.yaml   # read-only
              provision etcd restore --from etcd.db inventory.yaml   # asks for the name
              provision etcd restore --from-member controller-0 --confirm my-cluster \\
                  inventory.yaml

            The whole control plane stands still meanwhile; running pods go on. Old data is kept on the hosts. A snapshot \
            whose Secrets the store's keys do not open is refused; what a survivor holds is not checked for that. A sealed \
            back-up is restored by provision backup restore. Hosts that the inventory does not name are forgotten. While \
            certificates are being rotated it is refused without --during-rotation.

            Ctrl-C before data is swapped gives the restore up and starts again what had stopped; from then on it waits until \
            everything is started.

            Exit status: 0 restored and healthy, 1 failed, 5 a host is locked by another run, 6 something did not start or \
            stop, 7 a connection was lost in a step, 8 refused, 64 usage, 130 stopped: it says whether data was swapped.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var rotation: RotationOptions

    @Option(name: .long, help: "A snapshot file of etcd.", completion: .file(extensions: ["db"]))
    var from: String?

    @Option(name: .long, help: "The host whose database file is the last that is left.")
    var fromMember: String?

    @Flag(name: .long, help: "Only show what would be done; read-only.")
    var plan = false

    @Option(name: .long, help: "The cluster's name, in place of the question.")
    var confirm: String?

    func validate() throws {
        guard (from == nil) != (fromMember == nil) else {
            throw ValidationError("either --from FILE or --from-member HOST")
        }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("etcd-restore", options, console, onlyAsks: plan)
            let confirmation = NameConfirmation(
                action: "a restore",
                cluster: access.spec.name,
                confirm: confirm,
                preview: "provision etcd restore --plan … \(options.inventory)"
            )
            if !plan { try confirmation.check(mayAsk: !options.noInput && console.canAsk) }
            let turn = try rotation.admit("etcd's state would be put back", access, isPlan: plan)
            defer { withExtendedLifetime(turn) {} }
            let store = try store(access, console)
            try await Workplace.with { place in
                let source = try await source(access, store, place, console)
                try await RestoreRun(
                    verb: "etcd-restore",
                    source: source,
                    options: options,
                    confirmation: confirmation,
                    isPlan: plan,
                    console: console,
                    place: place
                ).perform(access)
            }
        }
    }

    /// A new store would make the hosts those of another cluster.
    private func store(_ access: HostAccess, _ console: Console) throws -> CredentialStore {
        let store = try Materials(spec: access.spec, console: console, places: Places()).store(dryRun: true)
        guard try store.existingClusterID() == nil else { return store }
        throw CommandFailure(
            "\(access.spec.pki.directory) holds no cluster: without its keys a state of etcd is of little use",
            remedy: "run this where the store is; a back-up brings it along: provision backup restore",
            status: .refused
        )
    }

    private func source(
        _ access: HostAccess,
        _ store: CredentialStore,
        _ place: Workplace,
        _ console: Console
    ) async throws -> RestoreSource {
        let keys = SnapshotKeyGuard(spec: access.spec, store: store, inventory: options.inventory, console: console)
        if let from {
            let path = Places.absolute(from)
            let etcd = try await LocalEtcd(access.spec, console)
            let content = try await etcd.status(path)
            try await keys.check(path, etcd, in: place)
            return .file(path: path, content: content, taken: nil)
        }
        let members = access.spec.hosts(.etcd)
        guard let host = members.first(where: { $0.name == fromMember }) else {
            throw CommandFailure(
                "\(fromMember ?? "-") is no etcd member",
                remedy: "members are \(members.map(\.name).joined(separator: ", "))",
                status: .usage
            )
        }
        keys.remark(on: host)
        return .member(host)
    }
}
