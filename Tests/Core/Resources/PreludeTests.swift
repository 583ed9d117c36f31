import ProvisionCore
import Testing

@Suite struct PreludeTests {
    /// A `systemctl` that says `auto-restart` so many times, and a `sleep` that takes no time.
    private func service(dying times: Int) throws -> (text: String, looks: Int) {
        let script = """
            \(Prelude.probing)
            S=$(mktemp -d)
            sleep() { :; }
            systemctl() {
              echo look >> $S/looks
              [ $(wc -l < $S/looks) -le \(times) ] && set -- activating auto-restart || set -- active running
              printf 'ActiveState=%s\\nSubState=%s\\nUnitFileState=enabled\\nNeedDaemonReload=no\\nInvocationID=i1\\n' $1 $2; }
            service a.service
            wc -l < $S/looks
            rm -r $S
            """
        let lines = try LocalShell.run(script).text.split(separator: "\n").map(String.init)
        return (lines.first ?? "", lines.last.flatMap { Int($0) } ?? 0)
    }

    @Test func `a unit that runs is looked at once`() throws {
        #expect(try service(dying: 0) == ("active running enabled no i1 - - -", 1))
    }

    @Test func `what systemd is about to start again is waited for`() throws {
        #expect(try service(dying: 5) == ("active running enabled no i1 - - -", 6))
    }

    @Test func `an original that was saved before a receipt was lost is not written over`() throws {
        let script = """
            set +f; D=$(mktemp -d); S=$D/state
            echo theirs > $D/a; echo ours > $D/b
            keep $D/a 1; echo ours > $D/a; rm $S/receipt.jsonl
            whole() { false; }
            keep $D/a 2; keep $D/b 3
            cat $S/replaced/*a $S/replaced/*b; cut -d'"' -f4 $S/receipt.jsonl; ls -A $S
            rm -r $D
            """
        let lines = try LocalShell.run(script, standIns: "").text.split(separator: "\n").map(String.init)
        #expect(lines == ["theirs", "ours", "updated", "replaced", "receipt.jsonl", "replaced"])
    }

    @Test func `what dies again and again is reported as such`() throws {
        #expect(try service(dying: 100) == ("activating auto-restart enabled no i1 - - -", 15))
    }
}
