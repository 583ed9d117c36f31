import ProvisionCore
import Templates
import Testing

/// What makes a host ready, as its shell does it, with stand-ins for what asks the kernel and systemd.
@Suite struct HostPreparationTests {
    private func resource(_ id: String) async throws -> CommandResource {
        var sample = try await SamplePlan.make("lab-debian.yaml")
        sample.spec.features.disableSwap = true
        let lane = try #require(sample.plan.lanes.first { $0.host.name == "worker-0" })
        return try #require(lane.resources.compactMap { $0 as? CommandResource }.first { $0.id == id })
    }

    private func lines(_ script: String) throws -> [String] {
        try LocalShell.run("D=$(mktemp -d); S=$D/state\n\(script)\nrm -r $D", standIns: "").text
            .split(separator: "\n").map(String.init)
    }

    // Swap.

    /// A systemd whose active units lie in `on` and whose unit files lie in `files`.
    private static let systemd = #"""
        becomes() { { grep -vF "$1 " $D/files || true; echo "$1 $2 enabled"; } > $D/new; mv $D/new $D/files; }
        systemctl() {
          case "$*" in
            'list-units --plain --no-legend --type swap --state active') cat $D/on;;
            'list-unit-files --plain --no-legend --type swap') cat $D/files;;
            'mask '*) becomes "$2" masked;;
            '-q disable '*) becomes "$3" disabled;;
            is-enabled*) echo enabled;; is-active*) echo active;;
            *) echo "unexpected: $*";;
          esac; }
        swapoff() { : > $D/on; : > $D/swaps; }
        """#

    /// Says what is wrong, turns swap off with these active units and unit files, and says what is wrong then.
    private func swap(on: String, files: String, then look: String) async throws -> [String] {
        let resource = try await resource("swap")
        func here(_ text: String) -> String {
            text.replacing("/etc/fstab", with: "$D/fstab").replacing("/proc/swaps", with: "$D/swaps")
                .replacing("/etc/systemd/system/", with: "$D/units/")
        }
        return try lines(
            """
            \(Self.systemd)
            mkdir $D/units; touch $D/units/own.swap
            printf '%s\\n' 'UUID=1 / ext4 defaults 0 1' '/swapfile none swap sw 0 0' > $D/fstab
            printf '%s\\n' Filename '/dev/zram0 partition 1 0 100' > $D/swaps
            printf '%s' '\(on)' > $D/on; printf '%s' '\(files)' > $D/files
            check() { \(here(resource.check))
            }
            if check > $D/before; then echo "nothing to do"; fi
            ( set -e
            \(here(resource.action.script))
            )
            if check; then echo off; fi
            \(look)
            """
        )
    }

    private static let receipt =
        #"sed -n 's/.*"action":"\(masked\|unit\)","path":"\([^"]*\)".*"previous":"\(.*\)".*/\1 \2 \3/p' $S/receipt.jsonl"#

    @Test func `a unit of swap is masked although swapoff makes systemd forget it`() async throws {
        let on = "dev-zram0.swap loaded active active\ndev-disk-by\\x2duuid-1.swap loaded active active\n"
        let found = try await swap(on: on, files: "", then: "\(Self.receipt); cat $D/fstab")
        #expect(
            found == [
                "off", "masked dev-zram0.swap ", "masked dev-disk-by\\x2duuid-1.swap ",
                "UUID=1 / ext4 defaults 0 1", "# provision: /swapfile none swap sw 0 0",
            ]
        )
    }

    @Test func `a unit file that would be swap again is masked, and one in etc disabled`() async throws {
        let files = """
            dev-zram0.swap generated -
            own.swap enabled disabled
            idle.swap disabled enabled
            theirs.swap masked enabled

            """
        let found = try await swap(on: "", files: files, then: "\(Self.receipt); sort $D/files")
        #expect(
            found == [
                "off", "masked dev-zram0.swap ", "unit own.swap enabled active", "dev-zram0.swap masked enabled",
                "idle.swap disabled enabled", "own.swap disabled enabled", "theirs.swap masked enabled",
            ]
        )
    }

    @Test func `a unit file alone is not as wanted`() async throws {
        let files = "dev-zram0.swap generated -\nidle.swap disabled enabled\ntheirs.swap masked enabled\n"
        let found = try await swap(on: "", files: files, then: "cat $D/before")
        #expect(found.contains("dev-zram0.swap"))
        #expect(!found.contains { $0.hasPrefix("idle") || $0.hasPrefix("theirs") })
    }

    // Kernel settings.

    private static let directories = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"]

    /// What check and action say with these files, by their paths, and with settings in force that differ from ours.
    private func settings(_ files: [(String, String)], inForce: [String: String] = [:]) async throws -> [String] {
        let resource = try await resource("sysctl")
        func here(_ text: String) -> String {
            Self.directories.reduce(text) { $0.replacing($1, with: "$D\($1)") }
        }
        let now = SysctlFile(hasPods: true).settings.merging(inForce) { $1 }
        let writes = files.map { "mkdir -p $D$(dirname \($0)); printf '%s\\n' '\($1)' > $D\($0)" }
        return try lines(
            """
            sysctl() { case $1 in -w) echo "set $2";; *) case $2 in
            \(now.sorted { $0.key < $1.key }.map { "\($0.key)) echo \($0.value);;" }.joined(separator: "\n"))
            esac;; esac; }
            \(writes.joined(separator: "\n"))
            { if ( \(here(resource.check))
            ); then echo "as wanted"; fi
            s=0; ( set -e
            \(here(resource.action.script))
            ) || s=$?; echo "status $s"; } | sed "s,$D,,g"
            """
        )
    }

    @Test func `settings in force that no other file changes are as wanted`() async throws {
        let files = [
            ("/etc/sysctl.d/10-network.conf", "net.ipv4.ip_forward = 0"),
            ("/usr/lib/sysctl.d/99-sysctl.conf", "# net.ipv4.ip_forward=0\nkernel.sysrq = 1\nvm.panic_on_oom = 0"),
        ]
        #expect(try await settings(files) == ["as wanted", "status 0"])
    }

    @Test func `a file that is read after ours is named, and refuses`() async throws {
        let words =
            "/etc/sysctl.d/99-sysctl.conf sets net.ipv4.ip_forward to 0 at boot, after 99-provision-kubernetes.conf"
        for line in ["net.ipv4.ip_forward=0", "-net/ipv4/ip_forward = 0 ", "net.ipv4.conf.all.forwarding = 0"] {
            let found = try await settings([("/etc/sysctl.d/99-sysctl.conf", line)])
            #expect(found == [words, "\(words); take it out there", "status 8"])
        }
    }

    @Test func `the last file by name counts, and of one name the first directory's`() async throws {
        let wrong = "net.ipv4.ip_forward = 0"
        let later = ("/run/sysctl.d/99-z.conf", "net.ipv4.ip_forward = 1")
        #expect(try await settings([("/etc/sysctl.d/99-x.conf", wrong), later]) == ["as wanted", "status 0"])
        #expect(try await settings([("/usr/lib/sysctl.d/99-z.conf", wrong), later]) == ["as wanted", "status 0"])
        #expect(try await settings([("/etc/sysctl.d/99-z.conf", wrong), later]).last == "status 8")
    }

    @Test func `what the kubelet sets at each start is not held against a file`() async throws {
        #expect(try await settings([("/etc/sysctl.d/99-x.conf", "kernel.panic = 60")]) == ["as wanted", "status 0"])
    }

    @Test func `more than our limits does no harm, less does`() async throws {
        let key = "fs.inotify.max_user_watches"
        let more = try await settings([("/etc/sysctl.d/99-x.conf", "\(key) = 1048576")], inForce: [key: "1048576"])
        #expect(more == ["as wanted", "status 0"])
        let less = try await settings([("/etc/sysctl.d/99-x.conf", "\(key) = 8192")], inForce: [key: "8192"])
        #expect(less.first == "\(key) is not 524288" && less.contains("set \(key)=524288") && less.last == "status 8")
    }
}
