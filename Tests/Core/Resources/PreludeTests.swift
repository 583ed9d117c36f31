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

    @Test func `what somebody wrote over ours is kept once it is written over, the last of each path`() throws {
        let script = """
            D=$(mktemp -d); S=$D/state
            over() { echo "$1" > $D/new; s=$(hash $D/new); cp $D/new $D/.a; settle $D/.a $D/a 644 root:root $s; }
            over ours; over 'ours again'; [ ! -e $S/edited ]; echo ours > $D/a; over 'ours again'; [ ! -e $S/edited ]
            echo theirs > $D/a; over 'ours again'; echo 'theirs again' > $D/a; over ours; cat $D/a
            cd $S/edited; ls -A | tr / +; stat -c %a ./*; cat ./*; rm -r $D
            """
        let standIns = "chown() { :; }\nset +f"
        let lines = try LocalShell.run(script, standIns: standIns).text.split(separator: "\n").map(String.init)
        #expect(lines.count == 4 && lines.first == "ours" && lines[1].hasSuffix("+a"), "\(lines)")
        #expect(lines.suffix(2) == ["600", "theirs again"])
    }

    @Test func `directories that are made get the labels of the host's policy, and no others`() throws {
        let script = """
            D=$(mktemp -d); S=$D/state; o=$(id -un):$(id -gn)
            folder $D/a/b 700 $o; folder $D/a 711 $o; above $D/a/b/c
            rm -r $D
            """
        let standIns = "restorecon() { echo \"label ${1#$D}\"; }"
        let lines = try LocalShell.run(script, standIns: standIns).text.split(separator: "\n").map(String.init)
        #expect(lines == ["label /a", "label /a/b", "label /a/b/c"])
        #expect(try LocalShell.run(script, standIns: "command() { return 1; }") == (0, ""))
    }

    @Test func `what dies again and again is reported as such`() throws {
        #expect(try service(dying: 100) == ("activating auto-restart enabled no i1 - - -", 15))
    }

    /// A unit that runs by its first file and by no other; what follows the change of the file is given.
    private func changed(
        _ rest: String,
        before: String = "keep $U/a.service \"$(hash $U/a.service)\""
    ) throws -> [String] {
        let script = """
            set +f; D=$(mktemp -d); S=$D/state U=$D/units; mkdir -p $S $U
            sleep() { :; }; hash() { cksum < "$1" | cut -d' ' -f1; }; chown() { :; }
            systemctl() { case "$*" in *reload|*failed*) ;; *) grep -qx good $U/a.service;; esac; }
            journalctl() { echo 'unknown flag'; }; timeout() { shift; "$@"; }
            echo good > $U/a.service; echo bad > $D/new; \(before)
            put $U/a.service 600 root:root "$(hash $D/new)" < $D/new
            \(rest)
            cat $U/a.service; ls -A $S/former; ls -A $U; rm -r $D
            """
        return try LocalShell.run(script, standIns: "").text.split(separator: "\n").map(String.init)
    }

    @Test(arguments: ["restart_unit a.service", "prove 0 a.service false"])
    func `a unit that does not become well by a new file runs by its former one again`(attempt: String) throws {
        let lines = try changed("\(attempt) || echo failed")
        let back = "put back: a.service runs by its former unit file again"
        #expect(lines.suffix(4) == [back, "failed", "good", "a.service"])
    }

    @Test func `a unit that has proven itself is not put back later`() throws {
        #expect(try changed("prove 0 a.service true; undo a.service").contains("bad"))
    }

    @Test func `what somebody wrote by hand is not put back, and what is not there yet is no former one`() throws {
        #expect(try changed("undo a.service", before: ":").contains("bad"))
        let absent = "keep $U/a.service 1; rm $U/a.service; systemctl() { :; }"
        #expect(try changed("undo a.service", before: absent).contains("bad"))
    }

    @Test func `a copy that an earlier run left is not put back`() throws {
        let lines = try changed(
            """
            mkdir -p $S/stamps; sleep() { :; }; touch -d '1 minute' $S/stamps/a.service
            echo worse > $U/a.service; restart_unit a.service || echo failed
            """
        )
        #expect(lines.contains("worse") && !lines.contains { $0.hasPrefix("put back") })
    }
}
