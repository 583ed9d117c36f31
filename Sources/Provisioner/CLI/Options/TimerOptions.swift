import ArgumentParser
import Foundation
import ProvisionCore
import Templates

/// What verbs that install a timer on this machine have in common: its units are shown unless it is asked for.
struct TimerOptions: ParsableArguments {
    @Flag(name: .long, help: "Write the units and start the timer.")
    var install = false

    @Flag(name: .long, help: "Stop the timer and remove its units.")
    var remove = false

    @Option(name: .long, help: "When, in systemd's words (systemd.time(7)).")
    var schedule = "daily"

    func validate() throws {
        if install, remove { throw ValidationError("--install and --remove are not for one call") }
        let isPlain = schedule.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F && $0 != "%" }
        guard isPlain, !schedule.isEmpty else { throw ValidationError("--schedule takes one line of plain text") }
    }

    /// The path of the program that runs.
    static func program() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// What of this shell's environment the inventory and the program's own places depend on.
    static func environment(
        of inventory: String,
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String: String] {
        let text = FileManager.default.contents(atPath: inventory).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let names = EnvironmentValues.names(in: text).union(Places.variables)
        return environment.filter { names.contains($0.key) && !$0.value.isEmpty }
    }

    /// Shows, installs or removes it.
    ///
    /// - Parameters:
    ///   - timer: The timer.
    ///   - inventory: Absolute path of the one that it is told.
    ///   - verb: What it runs, for people.
    ///   - console: Where it is said.
    /// - Throws: What systemctl answers, and files that cannot be written.
    func carryOut(
        _ timer: OperatorTimer,
        of inventory: String,
        runs verb: String,
        _ console: Console
    ) async throws {
        let manager = UserUnits.current
        var timer = timer
        timer.environment = Self.environment(of: inventory)
        let files = timer.rendered(in: manager.directory)
        if remove { return try await uninstall(timer, files, manager, console) }
        guard install else {
            for file in files { console.result("# \(file.path)\n\(file.text)") }
            return console.note("nothing was done; add --install")
        }
        try await manager.judge(schedule)
        for file in files { try PrivateFile.write(file.content, to: file.path, mode: 0o644) }
        try await manager.control(["daemon-reload"])
        try await manager.control(["enable", "--now", "\(timer.name).timer"])
        console.result("\(timer.name).timer runs \(verb) \(schedule); see: systemctl\(manager.flag) list-timers")
    }

    private func uninstall(
        _ timer: OperatorTimer,
        _ files: [RenderedFile],
        _ manager: UserUnits,
        _ console: Console
    ) async throws {
        guard files.contains(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            return console.result("there is no \(timer.name).timer")
        }
        try await manager.control(["disable", "--now", "\(timer.name).timer"])
        for file in files { try? FileManager.default.removeItem(atPath: file.path) }
        try await manager.control(["daemon-reload"])
        console.result("\(timer.name).timer is gone")
    }
}
