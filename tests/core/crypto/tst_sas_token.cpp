#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/hmac.h"
#include "core/crypto/sas_token.h"
#include "tests/support/activation_vectors.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;
using std::chrono::seconds;

namespace {

constexpr auto kSkew = seconds{300};
const UtcTime kExpiry{seconds{1795468475}};
const UtcTime kBefore = kExpiry - std::chrono::hours{1};

std::string signedBy(ByteView key, const std::string& resource, const std::string& expiry)
{
    return percentEncode(toBase64(hmac(HashAlgorithm::Sha256, key, {asBytes(resource + "\n" + expiry)}).value()));
}

} // namespace

class TstSasToken : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void signsTheWorkedExample();
    void acceptsTheWorkedExample();
    void acceptsNodesOrderAndMilliseconds();
    void acceptsJavasPlainResourceAndEmptyPolicy();
    void acceptsLowerCaseEscapes();
    void namesAndSchemeIgnoreCase();
    void refusesAnAlteredField_data();
    void refusesAnAlteredField();
    void expiresWhenTheSkewIsOver();
    void wrongSignatureIsSaidBeforeExpiry();
    void hugeExpiryNeverComes();
    void refusesMalformed_data();
    void refusesMalformed();
    void takesTheLongestTokenAndNoLonger();
    void encodesAllButUnreserved();
    void decodesEscapes();
    void refusesBrokenEscapes_data();
    void refusesBrokenEscapes();
    void connectionStringIsTakenApart();
    void refusesConnectionString_data();
    void refusesConnectionString();
    void connectionStringErrorsKeepTheKey();

private:
    [[nodiscard]] SasJudgement judged(const std::string& token, UtcTime now) const
    {
        const auto parsed = parseSasToken(token);
        return parsed.ok() ? judgeSasToken(*parsed, m_key, now, kSkew) : SasJudgement::Malformed;
    }
    test::ActivationVectors m_vectors;
    Bytes m_key = m_vectors.bytes("sas.hmacKey");
    std::string m_resource = m_vectors.text("sas.sr");
    std::string m_token = "SharedAccessSignature sr=" + m_resource +
                          "&sig=" + percentEncode(m_vectors.text("sas.sigBase64")) + "&se=1795468475&skn=registration";
};

void TstSasToken::signsTheWorkedExample()
{
    QCOMPARE(sasStringToSign(m_resource, "1795468475"), m_vectors.text("sas.stringToSign"));
    QCOMPARE(makeSasToken(m_resource, kExpiry, m_key, "registration").value(), m_token);
}

void TstSasToken::acceptsTheWorkedExample()
{
    const auto token = parseSasToken(m_token).value();
    QCOMPARE(token.resource, m_resource);
    QCOMPARE(token.expiry, std::string{"1795468475"});
    QCOMPARE(token.policy, std::string{"registration"});
    QCOMPARE(judgeSasToken(token, m_key, kBefore, kSkew), SasJudgement::Valid);
}

void TstSasToken::acceptsNodesOrderAndMilliseconds()
{
    const std::string expiry = "1795468475000"; // Date.now(), taken for seconds: the year 58,865
    const auto token = "SharedAccessSignature sr=" + m_resource + "&sig=" + signedBy(m_key, m_resource, expiry) +
                       "&skn=provisioningserviceowner&se=" + expiry;
    QCOMPARE(judged(token, kBefore), SasJudgement::Valid);
}

void TstSasToken::acceptsJavasPlainResourceAndEmptyPolicy()
{
    const std::string resource = "0ne00000001/registrations/dev-1";
    const auto token = "SharedAccessSignature sr=" + resource + "&sig=" + signedBy(m_key, resource, "1795468475") +
                       "&se=1795468475&skn=";
    QCOMPARE(parseSasToken(token).value().policy, std::string{});
    QCOMPARE(judged(token, kBefore), SasJudgement::Valid);
}

void TstSasToken::acceptsLowerCaseEscapes()
{
    const std::string resource = "0ne00000001%2fregistrations%2fdev-1"; // signed and sent as the C SDK writes it
    const auto plain = toBase64(hmac(HashAlgorithm::Sha256, m_key, {asBytes(resource + "\n1795468475")}).value());
    std::string lowerEscapes;
    for (const char c : plain) {
        lowerEscapes += c == '/' ? "%2f" : c == '+' ? "%2b" : c == '=' ? "%3d" : std::string{c};
    }
    QCOMPARE(judged("SharedAccessSignature sr=" + resource + "&sig=" + lowerEscapes + "&se=1795468475", kBefore),
             SasJudgement::Valid);
}

void TstSasToken::namesAndSchemeIgnoreCase()
{
    const auto token = "sharedaccesssignature SR=" + m_resource + "&SIG=" + signedBy(m_key, m_resource, "1795468475") +
                       "&Se=1795468475&SKN=a%20b";
    QCOMPARE(judged(token, kBefore), SasJudgement::Valid);
    QCOMPARE(parseSasToken(token).value().policy, std::string{"a b"});
}

void TstSasToken::refusesAnAlteredField_data()
{
    QTest::addColumn<std::string>("from");
    QTest::addColumn<std::string>("to");
    QTest::newRow("resource") << std::string{"0ne00000001"} << std::string{"0ne00000002"};
    QTest::newRow("escape's case") << std::string{"%2Fregistrations"} << std::string{"%2fregistrations"};
    QTest::newRow("expiry") << std::string{"se=1795468475"} << std::string{"se=1795468476"};
    QTest::newRow("expiry's zero") << std::string{"se=1795468475"} << std::string{"se=01795468475"};
    QTest::newRow("signature") << std::string{"SP21"} << std::string{"SP22"};
}

void TstSasToken::refusesAnAlteredField()
{
    QFETCH(std::string, from);
    QFETCH(std::string, to);
    auto token = m_token;
    const auto at = token.find(from);
    QVERIFY(at != std::string::npos);
    token.replace(at, from.size(), to);
    QCOMPARE(judged(token, kBefore), SasJudgement::WrongSignature);
}

void TstSasToken::expiresWhenTheSkewIsOver()
{
    QCOMPARE(judged(m_token, kExpiry + kSkew), SasJudgement::Valid);
    QCOMPARE(judged(m_token, kExpiry + kSkew + std::chrono::milliseconds{1}), SasJudgement::Expired);
}

void TstSasToken::wrongSignatureIsSaidBeforeExpiry()
{
    auto token = parseSasToken(m_token).value();
    token.signature[0] ^= std::byte{1};
    QCOMPARE(judgeSasToken(token, m_key, kExpiry + std::chrono::hours{9}, kSkew), SasJudgement::WrongSignature);
    token.signature.clear();
    QCOMPARE(judgeSasToken(token, m_key, kBefore, kSkew), SasJudgement::WrongSignature);
}

void TstSasToken::hugeExpiryNeverComes()
{
    const std::string expiry(30, '9');
    const auto token =
        "SharedAccessSignature sr=" + m_resource + "&sig=" + signedBy(m_key, m_resource, expiry) + "&se=" + expiry;
    QCOMPARE(judged(token, kBefore), SasJudgement::Valid);
}

void TstSasToken::refusesMalformed_data()
{
    QTest::addColumn<std::string>("token");
    const std::string start = "SharedAccessSignature ";
    QTest::newRow("empty") << std::string{};
    QTest::newRow("other scheme") << std::string{"Bearer abc"};
    QTest::newRow("scheme alone") << start;
    QTest::newRow("no resource") << start + "sig=AAAA&se=1";
    QTest::newRow("empty resource") << start + "sr=&sig=AAAA&se=1";
    QTest::newRow("no signature") << start + "sr=a&se=1";
    QTest::newRow("no expiry") << start + "sr=a&sig=AAAA";
    QTest::newRow("expiry with a sign") << start + "sr=a&sig=AAAA&se=-1";
    QTest::newRow("expiry as a date") << start + "sr=a&sig=AAAA&se=2026-11-23";
    QTest::newRow("signature not base64") << start + "sr=a&sig=A&se=1";
    QTest::newRow("broken escape") << start + "sr=a&sig=AAAA%3&se=1";
    QTest::newRow("resource twice") << start + "sr=a&sr=b&sig=AAAA&se=1";
    QTest::newRow("resource twice, other case") << start + "sr=a&SR=b&sig=AAAA&se=1";
    QTest::newRow("part without '='") << start + "sr=a&sig=AAAA&se=1&skn";
    QTest::newRow("line feed") << start + "sr=a\n1&sig=AAAA&se=1";
    QTest::newRow("beyond ASCII") << start + "sr=\xC3\xA4&sig=AAAA&se=1";
}

void TstSasToken::refusesMalformed()
{
    QFETCH(std::string, token);
    const auto refused = parseSasToken(token);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::EncodingMalformed);
}

void TstSasToken::takesTheLongestTokenAndNoLonger()
{
    std::string token = "SharedAccessSignature sig=AAAA&se=1&sr=";
    token.append(4096 - token.size(), 'a');
    QVERIFY(parseSasToken(token).ok());
    QVERIFY(!parseSasToken(token + "a").ok());
}

void TstSasToken::encodesAllButUnreserved()
{
    QCOMPARE(percentEncode("AZaz09-._~"), std::string{"AZaz09-._~"});
    QCOMPARE(percentEncode("/:+= \xC3\xA4"), std::string{"%2F%3A%2B%3D%20%C3%A4"});
}

void TstSasToken::decodesEscapes()
{
    QCOMPARE(percentDecode("a%2Fb%2fc+d").value(), std::string{"a/b/c+d"}); // a plus is a plus
    QCOMPARE(percentDecode("%00").value(), std::string(1, '\0'));
}

void TstSasToken::refusesBrokenEscapes_data()
{
    QTest::addColumn<std::string>("text");
    for (const char* text : {"%", "%2", "a%", "%G0", "%2 ", "%%20", "%-1"}) {
        QTest::newRow(text) << std::string{text};
    }
}

void TstSasToken::refusesBrokenEscapes()
{
    QFETCH(std::string, text);
    QCOMPARE(percentDecode(text).error().code, StationCode::EncodingMalformed);
}

void TstSasToken::connectionStringIsTakenApart()
{
    const auto parsed =
        parseConnectionString("hostname=localhost:8443;SharedAccessKeyName=owner;SHAREDACCESSKEY=Zm9vYg==;").value();
    QCOMPARE(parsed.host, std::string{"localhost:8443"});
    QCOMPARE(parsed.policy, std::string{"owner"});
    QVERIFY(equalBytes(parsed.key.view(), asBytes("foob")));
}

void TstSasToken::refusesConnectionString_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("named");
    QTest::newRow("no host") << std::string{"SharedAccessKeyName=o;SharedAccessKey=Zm9v"} << std::string{"HostName"};
    QTest::newRow("host with scheme") << std::string{"HostName=https://h;SharedAccessKeyName=o;SharedAccessKey=Zm9v"}
                                      << std::string{"HostName"};
    QTest::newRow("no policy") << std::string{"HostName=h;SharedAccessKey=Zm9v"} << std::string{"SharedAccessKeyName"};
    QTest::newRow("no key") << std::string{"HostName=h;SharedAccessKeyName=o"} << std::string{"SharedAccessKey"};
    QTest::newRow("empty key") << std::string{"HostName=h;SharedAccessKeyName=o;SharedAccessKey="}
                               << std::string{"SharedAccessKey"};
    QTest::newRow("key cut off") << std::string{"HostName=h;SharedAccessKeyName=o;SharedAccessKey=Zm9"}
                                 << std::string{"SharedAccessKey"};
    QTest::newRow("host twice") << std::string{"HostName=h;hostname=h;SharedAccessKeyName=o;SharedAccessKey=Zm9v"}
                                << std::string{"twice"};
}

void TstSasToken::refusesConnectionString()
{
    QFETCH(std::string, text);
    QFETCH(std::string, named);
    const auto refused = parseConnectionString(text);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::ConfigurationInvalid);
    QVERIFY(refused.error().what.find(named) != std::string::npos);
}

void TstSasToken::connectionStringErrorsKeepTheKey()
{
    const std::string secret = "c2VjcmV0IGtleQ";
    const std::string padded = secret + "==";
    const std::vector<std::string> texts{"HostName=h;SharedAccessKeyName=o;SharedAccessKey=" + secret, secret,
                                         padded + ";" + padded, "SharedAccessKey=" + padded};
    for (const auto& text : texts) {
        const auto refused = parseConnectionString(text);
        QVERIFY(!refused.ok());
        QVERIFY(describeForLog(refused.error()).find(secret) == std::string::npos);
    }
}

QTEST_APPLESS_MAIN(TstSasToken)
#include "tst_sas_token.moc"
