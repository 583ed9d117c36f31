/// Recognises a web page where a file was expected: a captive portal or a proxy's login form.
enum HTMLPage {
    static func isHTML(start: some Collection<UInt8>) -> Bool {
        let text = String(decoding: start, as: UTF8.self).lowercased().drop(while: \.isWhitespace)
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }

    static func failure(_ url: String) -> DownloadFailure {
        DownloadFailure(
            .loginPage,
            url,
            "a web page came instead of the file",
            "open the URL in a browser: a proxy or captive portal probably wants a login"
        )
    }
}
