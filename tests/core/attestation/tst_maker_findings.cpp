#include "core/attestation/maker_findings.h"
#include "core/attestation/verdict.h"
#include "core/base/device_code.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/der_text.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::attestation;
using namespace enroll::test;

namespace {

const TpmIdentity kInfineon{"IFX", 0x49465800, "SLB9670", "7.85.4555.0", 138, false};

/// Whether the makers stand in one name or in a name each.
enum class Form { OneName, NameEach };

crypto::Certificate certificateOf(const std::vector<std::string>& makers, Form form)
{
    std::string parts;
    std::string names;
    for (const auto& maker : makers) {
        const auto part = derElement("31", derElement("30", "06056781050201" + derText(maker.c_str())));
        parts += part;
        names += derElement("a4", derElement("30", part));
    }
    const auto content = form == Form::OneName ? derElement("a4", derElement("30", parts)) : names;
    CertificatePlan plan;
    plan.extensions = {{"subjectAltName", "DER:" + derElement("30", content)}};
    static const auto key = TestKey::ecc();
    return makeCertificate(plan, key, key);
}

/// A certificate that says all three of its chip.
crypto::Certificate certificateOfChip(const std::string& maker, const std::string& model, const std::string& version)
{
    const auto part = [](const char* oid, const std::string& text) {
        return text.empty() ? std::string{} : derElement("31", derElement("30", oid + derText(text.c_str())));
    };
    const auto parts = part("06056781050201", maker) + part("06056781050202", model) + part("06056781050203", version);
    CertificatePlan plan;
    plan.extensions = {{"subjectAltName", "DER:" + derElement("30", derElement("a4", derElement("30", parts)))}};
    static const auto key = TestKey::ecc();
    return makeCertificate(plan, key, key);
}

std::vector<std::string> idsOf(const std::vector<Finding>& findings)
{
    std::vector<std::string> ids;
    std::ranges::transform(findings, std::back_inserter(ids), &Finding::id);
    return ids;
}

using Ids = std::vector<std::string>;

} // namespace

class tst_maker_findings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void severalMakersAreNobodys_data()
    {
        QTest::addColumn<Ids>("makers");
        QTest::addColumn<Ids>("ids");
        QTest::addColumn<Ids>("idsWhereIfxIsListed");
        const Ids none;
        const Ids one{"ek-certificate-manufacturer"};
        const Ids both{"ek-certificate-manufacturer", "manufacturer-not-allowed"};
        QTest::newRow("one") << Ids{"id:49465800"} << none << none;
        QTest::newRow("the same twice") << Ids{"id:49465800", "id:49465800"} << none << none;
        QTest::newRow("the same in capitals") << Ids{"id:4e544300", "ID:4E544300"} << one << both; // is not IFX
        QTest::newRow("the listed one last") << Ids{"id:53544D20", "id:49465800"} << one << both;
        QTest::newRow("the listed one first") << Ids{"id:49465800", "id:53544D20"} << one << both;
        QTest::newRow("beside a text") << Ids{"id:49465800", "Infineon"} << one << both;
        const Ids software{"software-tpm", "ek-certificate-manufacturer"};
        const Ids softwareListed{"software-tpm", "ek-certificate-manufacturer", "manufacturer-not-allowed"};
        QTest::newRow("a cloud's first") << Ids{"id:474F4F47", "id:49465800"} << software << softwareListed;
        QTest::newRow("a cloud's last") << Ids{"id:49465800", "id:474F4F47"} << software << softwareListed;
    }
    void severalMakersAreNobodys()
    {
        QFETCH(const Ids, makers);
        QFETCH(const Ids, ids);
        QFETCH(const Ids, idsWhereIfxIsListed);
        for (const auto form : {Form::OneName, Form::NameEach}) {
            const auto certificate = certificateOf(makers, form);
            QCOMPARE(idsOf(certifiedMakerFindings(certificate, kInfineon, {})), ids);
            AttestationPolicy policy;
            policy.allowedManufacturers = {"IFX"};
            const auto found = certifiedMakerFindings(certificate, kInfineon, policy);
            QCOMPARE(idsOf(found), idsWhereIfxIsListed);
            QVERIFY(std::ranges::all_of(found, [](const Finding& one) { return one.code.has_value(); }));
        }
    }

    /// Model and firmware as certificates of real chips name them, and what TPMs of that kind say.
    void theChipIsTheOneOfTheCertificate_data()
    {
        QTest::addColumn<Ids>("certified"); // maker, model, version
        QTest::addColumn<TpmIdentity>("stated");
        QTest::addColumn<Ids>("ids");
        const auto row = [](const char* name, const Ids& certified, const TpmIdentity& stated, const Ids& ids) {
            QTest::newRow(name) << certified << stated << ids;
        };
        const TpmIdentity stm{"STM", 0x53544D20, "ST33HTPH", "73.8.17568.5511", 138, false};
        const TpmIdentity nuvoton{"NTC", 0x4E544300, "NPCT75x?\?$rls", "7.2.1.0", 138, false};
        const TpmIdentity intel{"INTC", 0x494E5443, "Intel", "500.16.0.1302", 138, false};
        const TpmIdentity amd{"AMD", 0x414D4400, "AMD", "6.32.0.6", 159, false};
        const TpmIdentity silent{"STM", 0x53544D20, "", "74.8.17568.5511", 138, false};
        const auto older = [](TpmIdentity identity, const char* firmware) {
            identity.firmware = firmware;
            return identity;
        };
        const auto calling = [](TpmIdentity identity, const char* vendorString) {
            identity.vendorString = vendorString;
            return identity;
        };
        const auto* ifx = "id:49465800";
        const auto* model = "ek-certificate-model";
        const auto* firmware = "ek-certificate-firmware";
        const auto* maker = "ek-certificate-manufacturer";
        row("Infineon", {ifx, "SLB 9670 TPM2.0", "id:0755"}, kInfineon, {});
        row("Infineon, updated", {ifx, "SLB 9670 TPM2.0", "id:0728"}, kInfineon, {});
        row("Infineon, downgraded", {ifx, "SLB 9670 TPM2.0", "id:0757"}, kInfineon, {firmware});
        row("Infineon, no model", {ifx, "", "id:0755"}, kInfineon, {});
        row("Infineon, no version", {ifx, "SLB9670", ""}, kInfineon, {});
        row("STM", {"id:53544D20", "ST33HTPHAHB6", "id:00490008"}, stm, {});
        row("STM, downgraded", {"id:53544D20", "ST33HTPHAHB6", "id:00490008"}, older(stm, "73.4.17568.4452"),
            {firmware});
        row("STM, without a vendor string", {"id:53544D20", "ST33HTPHAHB6", "id:004A0008"}, silent, {});
        row("Nuvoton", {"id:4E544300", "NPCT75x", "id:00070002"}, nuvoton, {});
        row("Nuvoton, downgraded", {"id:4E544300", "NPCT75x", "id:00070002"}, older(nuvoton, "7.1.0.0"), {firmware});
        row("Nuvoton's short form", {"id:4E544300", "NPCT6xx", "id:13"}, older(calling(nuvoton, "rls NPCT"), "1.3.1.0"),
            {});
        row("Intel PTT", {"id:494E5443", "Intel PTT", "id:00020000"}, intel, {});
        row("Intel, a platform as model", {"id:494E5443", "SPT", "id:00000000"}, intel, {});
        row("AMD", {"id:414D4400", "AMD", "id:00030001"}, amd, {});
        row("AMD, which counts in another way", {"id:414D4400", "AMD", "id:00060300"}, amd, {});
        row("another model of the maker", {ifx, "SLI 9770", "id:0755"}, kInfineon, {model});
        row("another model and firmware", {ifx, "SLI 9770", "id:0801"}, kInfineon, {model, firmware});
        row("another chip's certificate", {"id:53544D20", "ST33HTPHAHB6", "id:00490008"}, kInfineon, {maker, model});
        row("another chip's certificate, Intel's words", {ifx, "SLB 9670 TPM2.0", "id:0755"}, intel, {maker, model});
        row("a version of another maker in the TPM's form", {"id:414D4400", "SLB9670", "id:0900"}, kInfineon, {maker});
        row("no maker, another model", {"", "ST33HTPHAHB6", "id:00490008"}, kInfineon,
            {"ek-certificate-no-maker", model});
    }
    void theChipIsTheOneOfTheCertificate()
    {
        QFETCH(const Ids, certified);
        QFETCH(const TpmIdentity, stated);
        QFETCH(const Ids, ids);
        const auto certificate = certificateOfChip(certified[0], certified[1], certified[2]);
        QCOMPARE(idsOf(certifiedMakerFindings(certificate, stated, {})), ids);
        for (const auto& id : idsOf(certifiedMakerFindings(certificate, std::nullopt, {}))) { // the TPM was not asked
            QCOMPARE(id, std::string{"ek-certificate-no-maker"});
        }
    }

    void aDowngradedChipIsHeldAndAnotherModelIsAWarning()
    {
        const auto otherModel = certificateOfChip("id:49465800", "SLI 9770", "id:0755");
        const auto downgraded = certificateOfChip("id:49465800", "SLB9670", "id:0801");
        const auto verdict = [](const crypto::Certificate& certificate, const AttestationPolicy& policy) {
            const auto found = certifiedMakerFindings(certificate, kInfineon, policy);
            return found.size() == 1 ? judge(found) : Verdict{};
        };
        using C = DeviceCode;
        QCOMPARE(verdict(downgraded, {}), (Verdict{Outcome::Hold, C::EkCertificateOtherChip}));
        QCOMPARE(verdict(otherModel, {}), (Verdict{Outcome::Pass, {}}));
        AttestationPolicy policy;
        policy.severities = {{"ek-certificate-model", Severity::Fail}, {"ek-certificate-firmware", Severity::Info}};
        QCOMPARE(verdict(downgraded, policy), (Verdict{Outcome::Pass, {}}));
        QCOMPARE(verdict(otherModel, policy), (Verdict{Outcome::Fail, C::EkCertificateOtherChip}));
        AttestationPolicy ofAnyIssuer;
        ofAnyIssuer.certificate = CertificateRequirement::Present;
        QCOMPARE(verdict(downgraded, ofAnyIssuer), (Verdict{Outcome::Pass, {}}));
    }

    /// The version of swtpm's certificate is the day of the libtpms that made it, which an older one may run today.
    void swtpmsOwnWordsAreNoFindingWhereSoftwareIsAllowed()
    {
        const TpmIdentity swtpm{"IBM", 0x49424D00, "SW   TPM", "8217.4131.22.13878", 138, true};
        const auto certificate = certificateOfChip("id:00001014", "swtpm", "id:20240125");
        AttestationPolicy policy;
        policy.allowSoftware = true;
        QCOMPARE(idsOf(certifiedMakerFindings(certificate, swtpm, policy)), Ids{});
        QCOMPARE(idsOf(certifiedMakerFindings(certificate, swtpm, {})), (Ids{"ek-certificate-manufacturer"}));
    }
};

QTEST_GUILESS_MAIN(tst_maker_findings)
#include "tst_maker_findings.moc"
