import Templates
import Testing

@Suite struct CertificateTimerTests {
    private func timer(prometheus: String?, inventory: String = "/srv/k8s/inventory.yaml") -> CertificateTimer {
        CertificateTimer(
            name: "provision-certs-k",
            program: "/usr/bin/provision",
            inventory: inventory,
            prometheus: prometheus,
            schedule: "daily",
            within: "30d"
        )
    }

    @Test func `both units are the golden ones`() throws {
        let files = timer(prometheus: "/var/lib/node exporter/certs.prom").rendered(in: "/etc/systemd/system")
        let text = files.map { "=== \($0.path)\n\($0.text)" }.joined(separator: "\n")
        #expect(try Fixture.golden("certificate-timer.txt", text) == nil)
    }

    @Test func `it looks and does nothing else`() {
        let service = timer(prometheus: nil, inventory: "/srv/100%/i.yaml").rendered(in: "/d")[0].text
        #expect(
            service.contains("ExecStart=/usr/bin/provision certs check --no-input --within 30d /srv/100%%/i.yaml\n")
        )
        for verb in ["renew", "rotate", "apply", "--prometheus"] { #expect(!service.contains(verb)) }
    }
}
