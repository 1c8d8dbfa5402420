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
    void whatANewerProgramMadeOfItIsUnknown_data();
    void whatANewerProgramMadeOfItIsUnknown();
    void aNewerVersionIsReadAsFarAsItGoes();
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
    const Provenance witness{"", {}, witnessRole()}; // of a file that somebody put there by hand
    QVERIFY(provenanceFromText(asBytes(provenanceText(witness).toStdString())).value() == witness);
    QVERIFY(!whyItVouchesForNothing(witness.role).empty());
}

void TstProvenanceDocument::versionOneStaysReadable()
{
    const auto read = provenanceFromText(asBytes(R"({"schema": "enrollment-station/trust-provenance/1",
        "source": "/tmp/maker.pem", "importedAt": "2026-11-28T09:00:00.000Z", "role": "anchor"})"));
    QVERIFY(read.ok());
    QCOMPARE(read->source, std::string{"/tmp/maker.pem"});
    QVERIFY(read->role == crypto::TrustRole::Anchor);
}

void TstProvenanceDocument::whatANewerProgramMadeOfItIsUnknown_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto good = provenanceText({"a.pem", utcNow(), crypto::TrustRole::Anchor});
    const auto responder = QByteArray{good}.replace("\"anchor\"", "\"responder\"");
    const auto newer = [](QByteArray text) { return text.replace("trust-provenance/1", "trust-provenance/2"); };
    QTest::newRow("another role") << responder;
    QTest::newRow("another role in a newer version") << newer(responder);
    QTest::newRow("a newer version without a time") << newer(QByteArray{responder}.replace("importedAt", "when"));
    QTest::newRow("a newer version without a role") << newer(QByteArray{good}.replace("\"role\"", "\"roles\""));
    QTest::newRow("a newer version whose role is no text")
        << newer(QByteArray{good}.replace("\"anchor\"", "[\"anchor\"]"));
}

void TstProvenanceDocument::whatANewerProgramMadeOfItIsUnknown()
{
    QFETCH(QByteArray, text);
    const auto read = provenanceFromText(asBytes(text.toStdString()));
    QVERIFY2(read.ok(), text.constData());
    QVERIFY(read->role.known() == nullptr);
    QCOMPARE(read->source, std::string{"a.pem"});
    QVERIFY(!whyItVouchesForNothing(read->role).empty());
}

void TstProvenanceDocument::aNewerVersionIsReadAsFarAsItGoes()
{
    const Provenance provenance{"a.pem", utcNow(), crypto::TrustRole::Anchor};
    const auto text = provenanceText(provenance).replace("trust-provenance/1", "trust-provenance/2");
    QVERIFY(provenanceFromText(asBytes(text.toStdString())).value() == provenance);
    QVERIFY(whyItVouchesForNothing(provenance.role).empty());
}

void TstProvenanceDocument::refusesWhatItCannotTrust_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto good = provenanceText({"a.pem", utcNow(), crypto::TrustRole::Anchor});
    QTest::newRow("empty") << QByteArray{};
    QTest::newRow("cut short") << good.chopped(5);
    QTest::newRow("another kind") << QByteArray{good}.replace("trust-provenance", "trust");
    QTest::newRow("no role") << QByteArray{good}.replace("\"role\"", "\"rule\"");
    QTest::newRow("no time") << QByteArray{good}.replace("\"importedAt\": \"", "\"importedAt\": \"about ");
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
