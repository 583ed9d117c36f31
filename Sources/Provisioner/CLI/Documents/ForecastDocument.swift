import ProvisionCore

/// What ends when, for programs: a versioned contract.
struct ForecastDocument: Encodable {
    let schema = Version.schema
    /// Seconds since 1970.
    let until: Int64
    /// The first to come first.
    let events: [CertificateForecast.Event]
}
