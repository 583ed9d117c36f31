import Foundation
import ProvisionCore
import ProvisionEngine
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A private directory for the time of one verb; what a killed run left behind goes with the next one.
struct Workplace {
    let path: String

    /// Makes one, 0700, below the state directory.
    init(_ places: Places = Places()) throws {
        let root = places.state + "/work"
        Self.sweep(root)
        path = "\(root)/\(getpid())-\(Nonce.make().prefix(8))"
        for directory in [places.state, root, path] {
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST || Self.make(directory) else {
                throw CommandFailure(
                    "\(directory): cannot be made: \(String(cString: strerror(errno)))",
                    remedy: "see that the state directory is yours and has space ($XDG_STATE_HOME)",
                    status: .failed
                )
            }
        }
        Self.present.withLock { _ = $0.insert(path) }
    }

    /// Those of this process.
    private static let present = Mutex<Set<String>>([])

    /// What lies in them may be unsealed, and must not wait for the next verb where this one is left at once.
    static func removeAll() {
        for path in present.withLock(\.self) { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func make(_ directory: String) -> Bool {
        (try? FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )) != nil
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        Self.present.withLock { _ = $0.remove(path) }
    }

    private static func sweep(_ root: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            guard let process = name.split(separator: "-").first.flatMap({ Int32($0) }),
                !ProcessTable.isRunning(process)
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }

    /// Gives a body one, and removes it whatever the body does.
    static func with<Result>(_ body: (Workplace) async throws -> Result) async throws -> Result {
        let place = try Workplace()
        do {
            let result = try await body(place)
            place.remove()
            return result
        } catch {
            place.remove()
            throw error
        }
    }
}
