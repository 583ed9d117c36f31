import ArgumentParser
import Foundation
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision etcd snapshot`: the cluster's state in one file on this machine.
struct EtcdSnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Save etcd's state into a file on this machine.",
        discussion: """
            EXAMPLES:
              provision etcd snapshot inventory.yaml   # CLUSTER-etcd-TIME.db, here
              provision etcd snapshot --output etcd.db inventory.yaml

            Taken on a healthy member, a follower where there is one. The file holds everything that the API holds, Secrets \
            too, encrypted only where the inventory says so; it is written 0600. A whole, sealed archive with keys and \
            certificates: provision backup create.

            Exit status: 0 saved and verified, 1 not saved, 6 no member is healthy, 130 stopped: nothing was saved.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("output"), help: "The file to write.", completion: .file(extensions: ["db"]))
    var path: String?

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("etcd-snapshot", options, console)
            let time = FileTime.now()
            let target = Places.absolute(path ?? "\(access.spec.name)-etcd-\(time).db")
            let taken = try await SnapshotTaking(access: access).take(to: target)
            console.result(target)
            console.note(
                "revision \(taken.snapshot.content.revision), hash \(String(taken.snapshot.content.hash, radix: 16)), "
                    + "\(counted(taken.snapshot.content.totalKeys, "key")), \(ByteCount.text(taken.snapshot.size)), "
                    + "sha256 \(taken.snapshot.sha256), taken on \(taken.host)"
            )
        }
    }
}

/// Times in file names: `20261125T024000Z`.
enum FileTime {
    static func now() -> String { name(Timestamp.now()) }

    static func name(_ time: String) -> String { time.replacing(":", with: "").replacing("-", with: "") }
}
