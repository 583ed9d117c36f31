import Foundation
import Templates

/// Real hosts on one Linux machine: systemd, sshd, an own network stack, reboot and power cuts.
package struct Lab: Sendable {
    package typealias Progress = @Sendable (_ host: String?, _ message: String) -> Void

    package let configuration: LabConfiguration

    package init(_ configuration: LabConfiguration) { self.configuration = configuration }

    /// One machine as it is now.
    package struct HostStatus: Sendable, Hashable {
        package var host: LabHost
        package var isRunning: Bool
        package var answersSSH: Bool
    }

    private var base: LabBaseImage { LabBaseImage(cacheDirectory: configuration.cacheDirectory) }
    private var network: LabNetwork { LabNetwork(configuration: configuration) }
    private var settings: MachineSettings {
        MachineSettings(directory: (configuration.stateDirectory as NSString).deletingLastPathComponent)
    }

    private func machine(_ host: LabHost) -> LabMachine {
        LabMachine(configuration: configuration, host: host, base: base.path)
    }

    private func chosen(_ names: [String]) throws -> [LabHost] {
        if names.isEmpty { return configuration.hosts }
        return try names.map { name in
            guard let host = configuration.hosts.first(where: { $0.name == name }) else {
                throw unknown(name, configuration.hosts)
            }
            return host
        }
    }

    private func unknown(_ name: String, _ hosts: [LabHost]) -> LabError {
        LabError(
            .unknownHost,
            subject: name,
            attempted: "find it in the lab `\(configuration.name)`",
            reason: "no such host",
            remedy: "hosts are \(hosts.map(\.name).joined(separator: ", "))"
        )
    }

    /// Starts what does not run and waits until every machine answers SSH; machines keep their disks.
    package func up(hosts names: [String] = [], progress: @escaping Progress) async throws {
        let hosts = try chosen(names)
        try await LabRequirements.check()
        try await network.requireFree()
        try FileManager.default.createDirectory(
            atPath: configuration.stateDirectory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try await network.up()
        try await settings.apply()
        try await base.ensure { progress(nil, $0) }
        try await makeIdentity()
        try await eachInParallel(hosts) { try await machine($0).prepare() }
        try writeKnownHosts()
        try await eachInParallel(hosts) { host in
            let machine = machine(host)
            if machine.process == nil { try await machine.start() }
            try await waitForSSH(machine)
            progress(host.name, "answers at \(host.address)")
        }
    }

    private func makeIdentity() async throws {
        guard !FileManager.default.fileExists(atPath: configuration.identityFile) else { return }
        try await Tool.run(
            "ssh-keygen",
            [
                "-q", "-t", "ed25519", "-N", "", "-C", "provision lab \(configuration.name)", "-f",
                configuration.identityFile,
            ]
        )
    }

    private func writeKnownHosts() throws {
        let lines = try configuration.hosts.compactMap { host in
            FileManager.default.fileExists(atPath: LabMachinePaths(configuration, host).upper)
                ? try machine(host).knownHostsLine() : nil
        }
        try lines.joined().write(toFile: configuration.knownHostsFile, atomically: true, encoding: .utf8)
    }

    private func eachInParallel(
        _ hosts: [LabHost],
        _ body: @escaping @Sendable (LabHost) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in hosts { group.addTask { try await body(host) } }
            try await group.waitForAll()
        }
    }

    private func waitForSSH(_ machine: LabMachine, seconds: Int = 90) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try await answersSSH(machine.host) { return }
            guard machine.process != nil else { break }
            try await Task.sleep(for: .milliseconds(300))
        }
        throw LabError(
            .hostNotReady,
            subject: machine.host.name,
            attempted: "log in within \(seconds) s",
            reason: machine.consoleTail,
            remedy: "provision lab down, then up; look at the machine's memory and load"
        )
    }

    private func answersSSH(_ host: LabHost) async throws -> Bool {
        try await Tool.output("ssh", sshArguments(host) + ["-o", "ConnectTimeout=2", "true"], seconds: 10).status == 0
    }

    /// For the user's own `ssh`: key, known_hosts, login.
    package func sshArguments(_ host: LabHost) -> [String] {
        [
            "-F", "none", "-i", configuration.identityFile, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
            "-o", "UserKnownHostsFile=\(configuration.knownHostsFile)", "-o", "LogLevel=ERROR", "-l", "root",
            host.address,
        ]
    }

    /// A clean restart of the machines, all at once; disks stay.
    package func reboot(hosts names: [String] = [], progress: @escaping Progress) async throws {
        let hosts = try chosen(names)
        try await eachInParallel(hosts) { host in
            try await machine(host).stop()
            progress(host.name, "is down")
        }
        try await up(hosts: hosts.map(\.name), progress: progress)
    }

    /// A power cut: no machine gets to say anything.
    package func cutPower(hosts names: [String], progress: @escaping Progress) async throws {
        try await eachInParallel(try chosen(names)) { host in
            try await machine(host).cutPower()
            progress(host.name, "has no power")
        }
    }

    package func status() async throws -> [HostStatus] {
        var list: [HostStatus] = []
        let outside = Set(try await uncovered())
        for host in configuration.hosts {
            let isRunning = machine(host).process != nil
            let answers = isRunning && !outside.contains(host.address) ? try await answersSSH(host) : false
            list.append(HostStatus(host: host, isRunning: isRunning, answersSSH: answers))
        }
        return list
    }

    /// Whether the lab's network stands, whatever its subnet.
    package func isUp() async throws -> Bool { try await network.stands() }

    /// Addresses whose packets the lab's network does not keep on this machine.
    ///
    /// - Parameter others: Asked about beside those of the hosts, which may have been edited since the lab was started.
    /// - Returns: None where all is well.
    /// - Throws: What kept the lab's routes from being read.
    package func uncovered(_ others: [String] = []) async throws -> [String] {
        try await network.uncovered(Set(configuration.hosts.map(\.address) + others).sorted())
    }

    /// Ends what was started and removes everything; proves that nothing is left.
    package func down(progress: @escaping Progress) async throws {
        let hosts = try knownHosts()
        let subnets = try await network.taken()
        try await eachInParallel(hosts) { host in
            try await machine(host).cutPower()
            try await machine(host).dispose()
            progress(host.name, "is gone")
        }
        try await network.down(subnets)
        if FileManager.default.fileExists(atPath: configuration.stateDirectory) {
            try await Tool.run("rm", ["-rf", "--one-file-system", configuration.stateDirectory], seconds: 300)
        }
        try await settings.restore()
        try await proveGone(hosts, subnets)
    }

    /// Ends machines and deletes their disks; the others and the network stay.
    ///
    /// A machine that is no longer in the inventory is found by what lies in the lab's state. One that is made again under
    /// the same name is another machine: host key and machine-id differ.
    package func remove(hosts names: [String], progress: @escaping Progress) async throws {
        let known = try knownHosts()
        let hosts = try names.map { name in
            guard let host = known.first(where: { $0.name == name }) else { throw unknown(name, known) }
            return host
        }
        try await eachInParallel(hosts) { host in
            try await machine(host).cutPower()
            try await machine(host).dispose()
            try await Tool.run(
                "rm",
                ["-rf", "--one-file-system", LabMachinePaths(configuration, host).directory],
                seconds: 300
            )
            try MachineGeneration(configuration, host).next()
            progress(host.name, "is gone")
        }
        if FileManager.default.fileExists(atPath: configuration.stateDirectory) { try writeKnownHosts() }
    }

    /// Makes machines anew under their old names: empty disks, another host key, another machine-id.
    package func rebuild(hosts names: [String], progress: @escaping Progress) async throws {
        let hosts = try chosen(names)
        try await remove(hosts: hosts.map(\.name), progress: progress)
        try await up(hosts: hosts.map(\.name), progress: progress)
    }

    /// The inventory's machines and those that lie in the state, for an inventory that has changed since.
    private func knownHosts() throws -> [LabHost] {
        let stored =
            (try? FileManager.default.contentsOfDirectory(atPath: configuration.stateDirectory + "/hosts")) ?? []
        let known = Set(configuration.hosts.map(\.name))
        return configuration.hosts + stored.filter { !known.contains($0) }.map { LabHost(name: $0, address: "") }
    }

    private func proveGone(_ hosts: [LabHost], _ subnets: Set<String>) async throws {
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        let left = mounts.split(separator: "\n").filter { $0.contains(configuration.stateDirectory + "/") }
        let bridge = try await network.stands()
        let routes = try await network.left(of: subnets)
        let files = FileManager.default.fileExists(atPath: configuration.stateDirectory)
        var groups = 0
        for host in hosts { groups += try await LabCgroups(configuration, host).existing().count }
        guard left.isEmpty, !bridge, routes.isEmpty, !files, groups == 0 else {
            throw LabError(
                .leftovers,
                subject: configuration.name,
                attempted: "prove that the lab is gone",
                reason: "\(counted(left.count, "mount")), \(counted(groups, "cgroup")), bridge \(bridge), "
                    + "unreachable routes to "
                    + "\(routes.isEmpty ? "nothing" : routes.joined(separator: " ")), files \(files)",
                remedy: "run provision lab down again"
            )
        }
    }
}
