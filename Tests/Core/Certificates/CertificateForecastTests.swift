import ProvisionCore
import Testing

@Suite struct CertificateForecastTests {
    private static let day: Int64 = 86_400

    private func forecast(authorityEnd days: Int64, hasKey: Bool = true, leafEnd: Int64 = 90) -> CertificateForecast {
        CertificateForecast(
            leaves: [
                .init(
                    identifier: "apiserver@c",
                    authority: "kubernetes-ca",
                    start: -90 * Self.day,
                    end: leafEnd * Self.day
                )
            ],
            authorities: [
                .init(
                    name: "kubernetes-ca",
                    subject: "kubernetes-ca-g1",
                    end: days * Self.day,
                    hasKey: hasKey,
                    leafLifetime: 180 * Self.day
                )
            ],
            now: 0
        )
    }

    @Test func `what renews itself is said with its day`() {
        #expect(
            forecast(authorityEnd: 3650).lines(until: 365 * Self.day) == [
                "apiserver@c ends in 90 days; apply renews it from day 30 on",
                "1 of 1 certificate end within 365 days",
            ]
        )
        #expect(forecast(authorityEnd: 3650).lines(until: 89 * Self.day) == ["0 of 1 certificate end within 89 days"])
    }

    @Test func `an authority that is too short is named before its end`() {
        #expect(
            forecast(authorityEnd: 200, leafEnd: 200).lines(until: 365 * Self.day) == [
                "what kubernetes-ca-g1 issues from day 20 on ends with it; rotate it before that",
                "apiserver@c ends in 200 days together with kubernetes-ca-g1, and cannot be renewed beyond that",
                "kubernetes-ca-g1 ends in 200 days, and all that it issued: provision certs rotate",
                "1 of 1 certificate end within 365 days",
            ]
        )
    }

    @Test func `without its key nothing renews itself`() {
        let lines = forecast(authorityEnd: 3650, hasKey: false).lines(until: 365 * Self.day)
        #expect(lines[0].hasSuffix("it must be signed elsewhere: the key of kubernetes-ca is not in this store"))
    }

    @Test func `what has ended is named with the way back`() {
        let lines = forecast(authorityEnd: -1, leafEnd: -1).lines(until: Self.day)
        #expect(lines.contains { $0.contains("ended 1 day ago") && $0.hasSuffix("provision certs rotate --offline") })
    }
}
