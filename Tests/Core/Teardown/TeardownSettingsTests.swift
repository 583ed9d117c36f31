import ProvisionCore
import Testing

/// How swap that was turned off comes back.
@Suite struct TeardownSettingsTests {
    private static let id = "7f3c1f0e-0000-4000-8000-000000000001"

    private static func note(_ action: String, _ path: String, _ previous: String = "") -> String {
        #"receipt {"action":"\#(action)","path":"\#(path)","sha256":"","previous":"\#(previous)"}"#
    }

    private func items(_ lines: [String]) async throws -> [TeardownItem] {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let lane = try #require(sample.plan.lanes.first { $0.host.name == "worker-0" })
        let subject = TeardownPlan.Subject(spec: sample.spec, lane: lane, clusterID: Self.id, keepsData: false)
        let begin = [
            "machine m1", "mark \(Self.id) lab worker-0", Self.note("created", MarkerResource.path),
            Self.note("machine", "m1", Self.id),
        ]
        return TeardownPlan(subject, HostSurvey(lines: begin + lines + ["complete"])).work.filter {
            [.start, .swap].contains($0.kind)
        }
    }

    @Test func `a unit whose name holds a backslash is unmasked by that name`() async throws {
        let unit = #"dev-disk-by\x2duuid-1.swap"#
        let found = try await items([Self.note("masked", unit), "unit \(unit) inactive masked"])
        #expect(found.map(\.subject) == [unit])
        let stub = "systemctl() { printf '%s\\n' \"$*\"; }\nforget() { printf 'forget %s\\n' \"$1\"; }\n"
        let text = try LocalShell.run(stub + (found.first?.script ?? "")).text
        #expect(text == "unmask \(unit)\nforget \(unit)")
        #expect(try await items([Self.note("masked", unit), "unit \(unit) inactive static"]).isEmpty)
    }

    @Test func `a unit of the host's own that was disabled is enabled and started`() async throws {
        let unit = #"dev-disk-by\x2duuid-1.swap"#
        let found = try await items([Self.note("unit", unit, "enabled active"), "unit \(unit) inactive disabled"])
        #expect(found.map { "\($0.fate) \($0.kind) \($0.subject)" } == ["returns start \(unit)"])
        let stub = "systemctl() { printf '%s\\n' \"$*\"; }\nleft() { :; }\n"
        let text = try LocalShell.run(stub + (found.first?.script ?? "")).text
        #expect(text == "daemon-reload\n-q enable \(unit)\nstart \(unit)")
    }

    /// What is done about `/dev/zram0`, with areas in use and a `swapon` that ends so.
    private func area(used: String, swapon: Int) async throws -> [String] {
        let found = try await items([Self.note("swap", "/dev/zram0", "100")])
        let script = (found.first?.script ?? "").replacing("/proc/swaps", with: "$D/swaps")
            .replacing("systemd-escape", with: "escape")
        let text = try LocalShell.run(
            """
            D=$(mktemp -d); printf '%s\\n' Filename '\(used)' > $D/swaps
            swapon() { echo "swapon $*" >&2; return \(swapon); }
            escape() { echo dev-zram0.swap; }
            systemctl() { echo "$*"; return \(swapon == 1 ? 0 : 1); }
            left() { echo "left $1"; }
            set -e
            \(script)
            rm -r $D
            """
        ).text
        return text.split(separator: "\n").map(String.init)
    }

    @Test func `an area of memory that is not there any more is made by its unit`() async throws {
        #expect(try await area(used: "/dev/sda2 partition 1 0 1", swapon: 0) == [])
        #expect(try await area(used: "/dev/sda2 partition 1 0 1", swapon: 1) == ["-q start dev-zram0.swap"])
        let failed = try await area(used: "/dev/sda2 partition 1 0 1", swapon: 2)
        #expect(failed == ["-q start dev-zram0.swap", "left /dev/zram0"])
        #expect(try await area(used: "/dev/zram0 partition 1 0 1", swapon: 2) == [], "its unit has started meanwhile")
    }
}
