#include "core/base/station_code.h"
#include "core/transport/tls_context.h"
#include "tests/support/plant_keys.h"

#include <QTest>

namespace enroll::test {

using namespace transport;
using std::chrono::days;
using Wish = PlantKeys::Wish;

class TestTlsContext : public QObject {
    Q_OBJECT

    PlantKeys m_plant;

    void requireRefused(const AgentFiles& files, TlsRole own, StationCode code, const std::string& said) const
    {
        const auto context = TlsContext::load(files, own, utcNow());
        QVERIFY(!context.ok());
        QCOMPARE(context.error().code, code);
        QVERIFY2(context.error().what.find(said) != std::string::npos, context.error().what.c_str());
    }

private Q_SLOTS:
    void eachEndTakesItsOwnCertificateAlone()
    {
        for (const auto own : {TlsRole::Station, TlsRole::Agent}) {
            const auto context = TlsContext::load(m_plant.files(own), own, utcNow());
            QVERIFY2(context.ok(), context.ok() ? "" : context.error().what.c_str());
            QVERIFY(context->own() == own);
            requireRefused(m_plant.files(otherEndOf(own)), own, StationCode::KeyMaterialUnusable,
                           "is not that of " + std::string{own == TlsRole::Station ? "a station" : "an agent"});
        }
    }

    void keyAndCertificateMayBeOneFile()
    {
        auto files = m_plant.files(TlsRole::Station);
        const auto pair = m_plant.issue(TlsRole::Station, {});
        const SecretBytes both{concat({asBytes(pair.certificate), pair.privateKey.view()})};
        files.certificateFile = m_plant.written("both.pem", both.view());
        files.keyFile = files.certificateFile;
        QVERIFY(TlsContext::load(files, TlsRole::Station, utcNow()).ok());
    }

    void allFilesAreNeeded()
    {
        requireRefused({}, TlsRole::Station, StationCode::ConfigurationInvalid, "[agent]");
        requireRefused({}, TlsRole::Agent, StationCode::ConfigurationInvalid, "agent-keys");
        auto files = m_plant.files(TlsRole::Station);
        files.caFile.clear();
        requireRefused(files, TlsRole::Station, StationCode::ConfigurationInvalid, "[agent]");
    }

    void aCertificateIsGoodForItsTimeAlone()
    {
        const auto files = m_plant.files(TlsRole::Agent, {.days = 10});
        const auto codeAt = [&files](UtcTime now) {
            const auto context = TlsContext::load(files, TlsRole::Agent, now);
            return context.ok() ? std::string{} : context.error().what;
        };
        QVERIFY(codeAt(utcNow()).empty());
        QVERIFY(codeAt(utcNow() + days{8}).empty());
        QVERIFY(codeAt(utcNow() + days{10}).find("expired at") != std::string::npos);
        QVERIFY(codeAt(utcNow() - days{2}).find("is valid from") != std::string::npos);
    }

    void anAuthorityThatExpiredVouchesForNobody()
    {
        const PlantKeys old{"Old plant", utcNow() - days{3649}};
        const auto files = old.files(TlsRole::Station, {.days = 30, .now = utcNow() - days{20}});
        const auto context = TlsContext::load(files, TlsRole::Station, utcNow() + days{2});
        QVERIFY(!context.ok());
        QCOMPARE(context.error().code, StationCode::KeyMaterialUnusable);
    }

    void anotherAuthorityVouchesForNobodyHere()
    {
        const PlantKeys other{"Plant 2"};
        auto files = m_plant.files(TlsRole::Station);
        files.caFile = other.files(TlsRole::Station).caFile;
        requireRefused(files, TlsRole::Station, StationCode::KeyMaterialUnusable, "ca_file");
    }

    void theAuthoritysFileHoldsAuthoritiesAlone()
    {
        auto files = m_plant.files(TlsRole::Station);
        files.caFile = files.certificateFile;
        requireRefused(files, TlsRole::Station, StationCode::KeyMaterialUnusable, "no authority's");
        files.caFile = m_plant.written("empty.pem", {});
        requireRefused(files, TlsRole::Station, StationCode::KeyMaterialUnusable, "empty.pem");
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTlsContext)
#include "tst_tls_context.moc"
