import Foundation
import Templates
import Testing

@Suite struct FeederTests {
    /// The script with a kubectl that prints what the templates would give.
    @Test func writesTheHostsFile() async throws {
        try await Scratch.with { root in
            let bin = root.appendingPathComponent("bin").path
            let kubectl = """
                #!/bin/sh
                case "$*" in
                    *--watch*) exec sleep 1 ;;
                    *'get services '*) echo '10.32.0.1 kubernetes.default' ;;
                    *'get endpoints '*) printf '10.200.0.5 web-0.web.shop\\n10.200.0.5 web.shop\\n' ;;
                esac

                """
            try Scratch.stub("\(bin)/kubectl")
            try Data(kubectl.utf8).write(to: URL(fileURLWithPath: "\(bin)/kubectl"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/kubectl")
            try Data(DNSMasqFeeder.script.utf8).write(to: root.appendingPathComponent("feed.sh"))
            let hosts = root.appendingPathComponent("hosts")
            try FileManager.default.createDirectory(at: hosts, withIntermediateDirectories: true)
            // A session of its own, so that the end of the test takes the watches along. It is not waited for: a program
            // that Foundation starts may have SIGCHLD blocked, and dash's `wait` then never ends.
            let command = """
                export PATH=\(ShellQuoting.quote(bin)):$PATH TMPDIR=\(ShellQuoting.quote(root.path))
                export CLUSTER_DOMAIN=cluster.local HOSTS_DIRECTORY=\(ShellQuoting.quote(hosts.path))
                setsid /bin/sh \(ShellQuoting.quote(root.path + "/feed.sh")) 2>/dev/null & pid=$!
                for _ in $(seq 600); do [ -s "$HOSTS_DIRECTORY/cluster" ] && break; sleep 0.1; done
                kill -- -$pid; cat "$HOSTS_DIRECTORY/cluster"
                """
            let result = try await Program.run("/bin/sh", ["-c", command])
            let expected = """
                10.32.0.1 kubernetes.default.svc.cluster.local
                10.200.0.5 web-0.web.shop.svc.cluster.local
                10.200.0.5 web.shop.svc.cluster.local

                """
            #expect(result.output == expected)
        }
    }
}
