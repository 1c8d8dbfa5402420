#include "core/attestation/handle_range.h"
#include "core/base/device_code.h"
#include "core/system/whole_file.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/support/maker_hierarchy.h"
#include "tests/support/must.h"

#include <QTest>

#include <algorithm>
#include <fstream>

// A TPM with a certificate of a maker that the test made, attested as a whole: what is odd about the certificate is what
// the device is held for.

namespace enroll::test {
namespace {

using namespace attestation;
using C = DeviceCode;

constexpr auto kIndex = "0x1C00002";
constexpr auto kReadable = "ownerread|authread|ppread|ppwrite|platformcreate|no_da";

struct MakerRow {
    const char* name;
    void (*change)(MakerHierarchy& made);
    std::optional<C> code;             ///< absent: PASS
    std::vector<std::string> findings; ///< that the run has
};

const std::vector<MakerRow>& rows()
{
    static const std::vector<MakerRow> kRows{
        {"as it should be", [](MakerHierarchy&) {}, {}, {}},
        {"certificate of X.509 v1",
         [](MakerHierarchy& made) { made.leaf.version = 1; },
         C::EkCertificateOldForm,
         {"ek-certificate-version", "ek-certificate-bare"}},
        {"authority of X.509 v1, which no store takes",
         [](MakerHierarchy& made) { made.issuer.version = 1; },
         C::EkCertificateUntrusted,
         {"ek-certificate-unknown-issuer"}},
        {"not yet valid",
         [](MakerHierarchy& made) { made.leaf.notBefore = utcNow() + std::chrono::days{1}; },
         C::EkCertificateExpired,
         {"ek-certificate-not-yet-valid"}},
        {"ends before it begins",
         [](MakerHierarchy& made) { made.leaf.notAfter = made.leaf.notBefore - std::chrono::days{1}; },
         C::EkCertificateExpired,
         {"ek-certificate-dates"}},
        {"authority has expired",
         [](MakerHierarchy& made) { made.issuer.notAfter = kPast; },
         C::EkCertificateExpired,
         {"ek-certificate-issuer-expired"}},
        {"authority is not known",
         [](MakerHierarchy& made) { made.hasIssuer = false; },
         C::EkCertificateUntrusted,
         {"ek-certificate-unknown-issuer"}},
        {"signed by another of the same name",
         [](MakerHierarchy& made) { made.leafSigner = &keys().other; },
         C::EkCertificateInvalid,
         {"ek-certificate-path-invalid"}},
    };
    return kRows;
}

void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

/// The public half of the TPM's own key.
TestKey endorsementKeyOf(const SwtpmFixture& tpm)
{
    run(tpm, {"tpm2_readpublic", "-c", "0x81010001", "-f", "pem", "-o", "ek.pem"});
    const auto pem = must(system::readWholeFile(tpm.directory() / "ek.pem", 4096));
    return TestKey::fromPublicPem(std::string{asText(pem)});
}

void define(const SwtpmFixture& tpm, const std::string& index, const Bytes& content, const std::string& attributes)
{
    std::ofstream{tpm.directory() / "own", std::ios::binary}.write(reinterpret_cast<const char*>(content.data()),
                                                                   std::ssize(content));
    run(tpm, {"tpm2_nvdefine", "-C", "p", "-s", std::to_string(content.size()), "-a", attributes, index});
    run(tpm, {"tpm2_nvwrite", "-C", "p", "-i", "own", index});
}

void replace(const SwtpmFixture& tpm, const std::string& index, const Bytes& content)
{
    run(tpm, {"tpm2_nvundefine", "-C", "p", index});
    define(tpm, index, content, kReadable);
}

} // namespace

class tst_own_maker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasItsVerdict_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(rows()); ++row) {
            QTest::newRow(rows()[static_cast<std::size_t>(row)].name) << row;
        }
    }
    void hasItsVerdict()
    {
        QFETCH(const int, row);
        const auto& wanted = rows()[static_cast<std::size_t>(row)];
        auto made = hierarchy();
        wanted.change(made);
        replace(m_tpm, kIndex, made.leafCertificate().der());
        const auto report = attestAt(m_tpm.address(), made.store(), softwarePolicy());
        const auto verdict = wanted.code ? Verdict{Outcome::Hold, ErrorCode{*wanted.code}} : Verdict{Outcome::Pass, {}};
        QVERIFY2(report.verdict == verdict, textOf(report).c_str());
        for (const auto& id : wanted.findings) {
            QVERIFY2(std::ranges::find(report.findings, id, &Finding::id) != report.findings.end(), id.c_str());
        }
        QCOMPARE(flushEverything(m_tpm.address()), tpm::LoadedHandles{});
    }

    /// The maker keeps the authority that the station does not know in the TPM, beside others. Contents of the indices from
    /// 0x01C00100 on; the certificate may be spread over several.
    void anAuthorityInNvLeadsToAKnownOne_data()
    {
        QTest::addColumn<std::vector<Bytes>>("contents");
        QTest::addColumn<QString>("attributes");
        QTest::addColumn<bool>("leads");
        const auto der = MakerHierarchy{}.issuerCertificate().der();
        const auto other = makeCertificate(authorityPlan("Another", "Root"), keys().other, keys().root).der();
        const auto half = static_cast<std::ptrdiff_t>(der.size() / 2);
        const Bytes padding(100, std::byte{0xFF});
        const auto row = [](const char* name, const std::vector<Bytes>& contents, const char* attributes, bool leads) {
            QTest::newRow(name) << contents << QString::fromLatin1(attributes) << leads;
        };
        row("no index", {}, kReadable, false);
        row("alone", {der}, kReadable, true);
        row("behind another, back to back", {concat({other, der})}, kReadable, true);
        row("in the second index", {other, der}, kReadable, true);
        row("in the second index, the first padded", {concat({other, padding}), der}, kReadable, true);
        row("over two indices", {{der.begin(), der.begin() + half}, {der.begin() + half, der.end()}}, kReadable, true);
        row("another alone", {other}, kReadable, false);
        row("filler", {padding}, kReadable, false);
        row("words", {toBytes(asBytes("to be filled in"))}, kReadable, false);
        row("in an index that only the platform reads", {der}, "ppread|ppwrite|platformcreate|no_da", false);
    }
    void anAuthorityInNvLeadsToAKnownOne()
    {
        QFETCH(const std::vector<Bytes>, contents);
        QFETCH(const QString, attributes);
        QFETCH(const bool, leads);
        const SwtpmFixture tpm;
        const auto key = endorsementKeyOf(tpm);
        MakerHierarchy made;
        made.ekKey = &key;
        made.hasIssuer = false;
        replace(tpm, kIndex, made.leafCertificate().der());
        constexpr std::uint32_t kFirstOfChain = 0x01C00100;
        for (std::size_t i = 0; i < contents.size(); ++i) {
            const auto index = handleText(kFirstOfChain + static_cast<std::uint32_t>(i));
            define(tpm, index, contents[i], attributes.toStdString());
        }
        const auto report = attestAt(tpm.address(), made.store(), softwarePolicy());
        const auto held = Verdict{Outcome::Hold, ErrorCode{C::EkCertificateUntrusted}};
        QVERIFY2(report.verdict == (leads ? Verdict{Outcome::Pass, {}} : held), textOf(report).c_str());
        QCOMPARE(flushEverything(tpm.address()), tpm::LoadedHandles{});
    }

    /// What holds it is the version and what a certificate of that version cannot say; its signature is good.
    void aCertificateOfVersion1PassesWhereTheProfileSaysSo()
    {
        auto made = hierarchy();
        made.leaf.version = 1;
        replace(m_tpm, kIndex, made.leafCertificate().der());
        auto policy = softwarePolicy();
        policy.severities = {{"ek-certificate-version", Severity::Warning}, {"ek-certificate-bare", Severity::Warning}};
        QCOMPARE(textOf(attestAt(m_tpm.address(), made.store(), policy)), std::string{"PASS"});
        made.leafSigner = &keys().other;
        replace(m_tpm, kIndex, made.leafCertificate().der());
        QVERIFY(attestAt(m_tpm.address(), made.store(), policy).verdict.outcome != Outcome::Pass);
    }

private:
    MakerHierarchy hierarchy() const
    {
        MakerHierarchy made;
        made.ekKey = &m_key;
        return made;
    }

    const SwtpmFixture m_tpm;
    const TestKey m_key = endorsementKeyOf(m_tpm);
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_own_maker)
#include "tst_own_maker.moc"
