#include "core/attestation/certificate_findings.h"
#include "core/attestation/certificate_lookup.h"
#include "core/attestation/ek_catalog.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;

namespace {

constexpr std::uint32_t kIntel = 0x494E5443;
constexpr std::uint32_t kAmd = 0x414D4400;
constexpr std::uint32_t kInfineon = 0x49465800;

// The moduli of two chips whose makers gave out the certificates at the addresses below.
constexpr auto kIntelModulus =
    "c320e2f244a8601aacf3e01d26c665249935562de1da197e9e7f076c469613cfb653e98ec2c386fc1d133f2c8c6cc338"
    "b732f0b208bd838a877a3e5bbc3e1d4084e835c7c8906a1c05b4d2d30fdbebc1dbad950fa6b165bd4b6a864603146164"
    "c0c4f59d489011ef1f928deea6e90061f3d375e5646273151ef622252098be1a4ab01dc0a12227c609fdaceb115af408"
    "d4693a6f49919774695b0c12bc18a1ff7120a7337b2fb5f1951d8bb7f094d5b554c11c9523b30729fe64787d0a13b9e6"
    "30488dab4dfd86634a5270ec72fcc5a44dc679a8f32938dd8197e29dae839f5b4ca0f5de27c9522c23c54e1c2ce57859"
    "525118bd4470b18180eef78ae4267bcd";
constexpr auto kAmdModulus =
    "a3c203dcc44b6505a0ab65882b5a937b61d0c736608835a7e93cf0eae40ea172358b23bda7121a8a5471965d8d78ad65"
    "4553ff74428257e986c2fef94fecb6326ce9161518fcee51b441bc4e2a1c0f0e9690744027d03d87538c3febc3de63c2"
    "94da00f7fb2c077ebfd1272656d611d204642fe7199004faaaba3bc73e1e44a2edf0a7d7e8e1bf63d9027c9b0a0c2b58"
    "6dce0e6af1d27f5d5581b04bb719bb8d2544fa99cefb1fe89baab00028d96d4e2aaeae0f51b0310f54bd749d9c67329a"
    "612b0203cc0c221a34ba661ade31af7a9b6e9d70dc13df77065b141a32cd6d70b8696544b60a3dcaef7c80aaa1606144"
    "c7b32d9393583af5a836f71405ed8bd9";
// The base point of P-256. Source: SEC 2, section 2.4.2.
constexpr auto kX = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
constexpr auto kY = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

PublicArea rsa(const char* modulus, std::uint32_t exponent = 0)
{
    auto area = ekTemplateArea(*findEkRow(EkTemplate::TcgL1));
    area.unique = must(fromHex(modulus));
    std::get<RsaParameters>(area.parameters).exponent = exponent;
    return area;
}

PublicArea ecc(const Bytes& x)
{
    auto area = ekTemplateArea(*findEkRow(EkTemplate::TcgL2));
    area.unique = EccPoint{x, must(fromHex(kY))};
    return area;
}

/// The text of the finding about a TPM that holds no certificate for \p publicArea.
QString missing(std::uint32_t maker, const Bytes& publicArea)
{
    AttestationFacts facts;
    facts.tpm.emplace().manufacturerId = maker;
    facts.endorsementKey.emplace().publicArea = publicArea;
    const auto findings = certificateFindings(facts, {}, {});
    return findings.size() == 1 && findings.front().id == "ek-certificate-missing"
               ? QString::fromStdString(findings.front().text)
               : QString();
}

QString url(std::uint32_t maker, const PublicArea& area)
{
    return QString::fromStdString(must(certificateLookupUrl(maker, area)).value_or("none"));
}

} // namespace

class tst_certificate_lookup : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isWhereTheMakerGaveTheCertificateOut()
    {
        QCOMPARE(url(kIntel, rsa(kIntelModulus)),
                 QStringLiteral("https://ekop.intel.com/ekcertservice/WVEG2rRwkQ7m3RpXlUphgo6Y2HLxl18h6ZZkkOAdnBE%3D"));
        QCOMPARE(url(kAmd, rsa(kAmdModulus)),
                 QStringLiteral("https://ftpm.amd.com/pki/aia/D027B3CE6A9B6B56846D2B9935884A88"));
    }

    /// An exponent of 0 stands for 65537 in a public area, not in the digest.
    void countsTheExponentThatIsMeant()
    {
        constexpr std::uint32_t kUsual = 65537;
        QCOMPARE(url(kIntel, rsa(kIntelModulus, kUsual)), url(kIntel, rsa(kIntelModulus)));
        QCOMPARE(url(kAmd, rsa(kAmdModulus, kUsual)), url(kAmd, rsa(kAmdModulus)));
        QVERIFY(url(kAmd, rsa(kAmdModulus, kUsual + 2)) != url(kAmd, rsa(kAmdModulus)));
    }

    void takesThePointOfAnEllipticCurve()
    {
        const auto x = must(fromHex(kX));
        QCOMPARE(url(kIntel, ecc(x)),
                 QStringLiteral("https://ekop.intel.com/ekcertservice/2HXbfe8jIjauxzjGsLs-gBQvXQ_Y9N8k_tbu9cu1DZ8%3D"));
        QCOMPARE(url(kAmd, ecc(x)), QStringLiteral("https://ftpm.amd.com/pki/aia/C219640910F33A1BAB03D226C217634C"));
    }

    /// A TPM may leave out leading zeros; its maker's digest has them.
    void fillsAShortCoordinate()
    {
        auto x = must(fromHex(kX));
        x.erase(x.begin());
        QCOMPARE(url(kIntel, ecc(x)),
                 QStringLiteral("https://ekop.intel.com/ekcertservice/_MY0BYrEPBEll0HgJt6cPTVxRg6AdgnUtz3klimOxH8%3D"));
    }

    void standsInTheFindingOfAMissingCertificate()
    {
        const auto area = marshalPublic(rsa(kIntelModulus));
        QVERIFY(missing(kIntel, area)
                    .endsWith(QStringLiteral(" at ") + url(kIntel, rsa(kIntelModulus)) +
                              QStringLiteral(" (not fetched).")));
        for (const auto& none : {missing(kInfineon, area), missing(kIntel, Bytes(3))}) {
            QVERIFY(none.endsWith(QLatin1String("endorsement key.")));
        }
    }

    void othersHaveNone()
    {
        QCOMPARE(url(kInfineon, rsa(kIntelModulus)), QStringLiteral("none"));
        PublicArea hmac;
        hmac.parameters = HmacParameters{};
        QCOMPARE(url(kIntel, hmac), QStringLiteral("none"));
    }
};

QTEST_APPLESS_MAIN(tst_certificate_lookup)
#include "tst_certificate_lookup.moc"
