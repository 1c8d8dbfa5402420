#include "core/attestation/maker_findings.h"
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
};

QTEST_GUILESS_MAIN(tst_maker_findings)
#include "tst_maker_findings.moc"
