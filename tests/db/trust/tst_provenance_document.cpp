#include "core/base/station_code.h"
#include "db/trust/provenance_document.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::trust;

class TstProvenanceDocument : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isReadAsItWasWritten();
    void versionOneStaysReadable();
    void refusesWhatItCannotTrust_data();
    void refusesWhatItCannotTrust();
};

void TstProvenanceDocument::isReadAsItWasWritten()
{
    for (const auto role : crypto::kAllTrustRoles) {
        const Provenance provenance{"TrustedTpm.cab: AMD/RootCA/a.crt", utcNow(), role};
        const auto text = provenanceText(provenance);
        QVERIFY(provenanceFromText(asBytes(text.toStdString())).value() == provenance);
    }
}

void TstProvenanceDocument::versionOneStaysReadable()
{
    const auto read = provenanceFromText(asBytes(R"({"schema": "enrollment-station/trust-provenance/1",
        "source": "/tmp/maker.pem", "importedAt": "2026-11-28T09:00:00.000Z", "role": "anchor"})"));
    QVERIFY(read.ok());
    QCOMPARE(read->source, std::string{"/tmp/maker.pem"});
    QVERIFY(read->role == crypto::TrustRole::Anchor);
}

void TstProvenanceDocument::refusesWhatItCannotTrust_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto good = provenanceText({"a.pem", utcNow(), crypto::TrustRole::Anchor});
    QTest::newRow("empty") << QByteArray{};
    QTest::newRow("cut short") << good.chopped(5);
    QTest::newRow("another kind") << QByteArray{good}.replace("trust-provenance", "trust");
    QTest::newRow("another role") << QByteArray{good}.replace("\"anchor\"", "\"cornerstone\"");
    QTest::newRow("no role") << QByteArray{good}.replace("\"role\"", "\"rule\"");
    QTest::newRow("no time") << QByteArray{good}.replace("importedAt", "importedOn");
}

void TstProvenanceDocument::refusesWhatItCannotTrust()
{
    QFETCH(QByteArray, text);
    const auto refused = provenanceFromText(asBytes(text.toStdString()));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::DocumentMalformed);
}

QTEST_APPLESS_MAIN(TstProvenanceDocument)
#include "tst_provenance_document.moc"
