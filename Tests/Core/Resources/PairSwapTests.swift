import Foundation
import ProvisionCore
import Testing

/// How a certificate and its key change at once, as a host's shell does it.
@Suite struct PairSwapTests {
    private func sha(_ text: String) -> String { SHA256Digest.hex(of: Array("\(text)\n".utf8)) }

    /// A directory with an old pair, a file and a folder of others; then the new pair comes.
    private func swap(_ standIns: String, then look: String) throws -> [String] {
        let script = """
            D=$(mktemp -d); S=$D/state d=$D/pki; o=$(id -un):$(id -gn)
            mkdir -p $S $d/etcd; echo old > $d/a.key; echo old > $d/a.crt; echo other > $d/b.crt; echo deep > $d/etcd/ca.crt
            chmod 711 $d; before=$(stat -c %i $d) other=$(stat -c %i $d/b.crt)
            ( set -e
            echo new | hold $d/a.key 600 $o \(sha("new"))
            echo new | pair $d/a.crt 644 $o \(sha("new")) $d/a.key \(sha("new")) ) || echo stopped
            d=$D/pki
            \(look)
            rm -r $D
            """
        return try LocalShell.run(script, standIns: standIns).text.split(separator: "\n").map(String.init)
    }

    private let pair = "cat $d/a.key $d/a.crt; stat -c %a $d $d/a.key $d/a.crt; find $D -name '*provision-tmp'"

    @Test func `the directory's next generation takes the place of the one before`() throws {
        let look = """
            \(pair); cat $d/b.crt $d/etcd/ca.crt
            [ $(stat -c %i $d) != $before ] && echo "another directory"; [ $(stat -c %i $d/b.crt) = $other ] && echo "same file"
            """
        let expected = ["new", "new", "711", "600", "644", "other", "deep", "another directory", "same file"]
        #expect(try swap("", then: look) == expected)
    }

    @Test func `a power cut before the swap leaves the old pair whole`() throws {
        #expect(try swap("trade() { exit 9; }", then: "cat $d/a.key $d/a.crt") == ["stopped", "old", "old"])
    }

    @Test func `where directories cannot change places, one process renames both files`() throws {
        #expect(try swap("trade() { return 1; }", then: pair) == ["new", "new", "711", "600", "644"])
    }

    @Test func `what somebody places at that moment is there afterwards`() throws {
        let trade = """
            trade() { echo late > $2/late; mv -T "$1" "$1.x"; mv -T "$2" "$1"; mv -T "$1.x" "$2"; }
            """
        #expect(try swap(trade, then: "cat $d/a.key $d/a.crt $d/late") == ["new", "new", "late"])
    }

    @Test func `a directory behind a link is not exchanged`() throws {
        let held = "mv $D/pki $D/real; ln -s real $D/pki;"
        let standIns = "hash() { sha256sum < \"$1\" | cut -c1-64; [ -L $D/pki ] || { \(held) }; }"
        #expect(try swap(standIns, then: "[ -L $d ] && cat $d/a.key $d/a.crt") == ["new", "new"])
    }
}
