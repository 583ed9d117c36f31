import Templates
import Testing

@Suite struct OperatorTimerTests {
    private func timer(
        prometheus: String?,
        within: String? = nil,
        inventory: String = "/srv/k8s/inventory.yaml"
    ) -> OperatorTimer {
        .certificates(
            of: "k",
            program: "/usr/bin/provision",
            inventory: inventory,
            prometheus: prometheus,
            schedule: "daily",
            within: within
        )
    }

    private func text(_ timer: OperatorTimer) -> String {
        timer.rendered(in: "/etc/systemd/system").map { "=== \($0.path)\n\($0.text)" }.joined(separator: "\n")
    }

    @Test func `both units of each are the golden ones, and both are known by the cluster's name`() throws {
        let certificates = text(timer(prometheus: "/var/lib/node exporter/certs.prom", within: "30d"))
        #expect(try Fixture.golden("certificate-timer.txt", certificates) == nil)
        let backup = OperatorTimer.backup(
            of: "k",
            program: "/usr/bin/provision",
            inventory: "/srv/k8s/inventory.yaml",
            words: ["--output", "/srv/back ups", "--keep", "7", "--key-file", "/root/backup.key"],
            schedule: "*-*-* 02:30"
        )
        #expect(try Fixture.golden("backup-timer.txt", text(backup)) == nil)
        #expect(OperatorTimer.all(of: "k").map(\.name) == [timer(prometheus: nil).name, backup.name])
    }

    @Test func `the one for certificates looks and does nothing else`() {
        let service = timer(prometheus: nil, inventory: "/srv/100%/i.yaml").rendered(in: "/d")[0].text
        #expect(
            service.contains("ExecStart=/usr/bin/provision certs check --no-input /srv/100%%/i.yaml\n")
        )
        for verb in ["renew", "rotate", "apply", "--prometheus"] { #expect(!service.contains(verb)) }
    }

    @Test func `what the inventory asks of the environment is given to the service`() {
        var timer = timer(prometheus: nil)
        timer.environment = ["LB": "192.0.2.8", "A": "50 %"]
        let service = timer.rendered(in: "/d")[0].text
        #expect(service.contains("Environment=\"A=50 %%\"\nEnvironment=LB=192.0.2.8\nExecStart="))
    }
}
