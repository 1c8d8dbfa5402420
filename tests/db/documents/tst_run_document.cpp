#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "db/documents/run_document.h"
#include "tests/support/run_builder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;
using namespace enroll::enrollment;
using enroll::test::DeviceFigure;

namespace {

QString errorOf(const QJsonObject& document)
{
    const auto run = runFromJson(document);
    return run.ok() ? QString{} : QString::fromStdString(run.error().what);
}

/// A copy of \p value with the member at \p path (names and list indexes) replaced, or removed if undefined.
QJsonValue changedValue(const QJsonValue& value, const QStringList& path, const QJsonValue& to)
{
    const auto& name = path.first();
    if (value.isArray()) {
        auto list = value.toArray();
        list[name.toInt()] = changedValue(list.at(name.toInt()), path.mid(1), to);
        return list;
    }
    auto object = value.toObject();
    if (path.size() > 1) {
        object[name] = changedValue(object[name], path.mid(1), to);
    } else if (to.isUndefined()) {
        object.remove(name);
    } else {
        object[name] = to;
    }
    return object;
}

QJsonObject changed(const QJsonObject& document, const QStringList& path, const QJsonValue& value)
{
    return changedValue(document, path, value).toObject();
}

} // namespace

class TestRunDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesARunBackExactly()
    {
        const auto run = DeviceFigure{183}.passingRun();
        const auto back = runFromJson(toJson(run));
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().what.c_str());
        QVERIFY(*back == run);
    }

    void givesARunBackThroughItsStoredBytes()
    {
        const auto run = DeviceFigure{7}.runEndedAs(Outcome::Hold, HoldCode::EkEnrolledElsewhere);
        const auto back = runFromJson(canonicalBytes(run));
        QVERIFY(back.ok());
        QVERIFY(*back == run);
    }

    void givesARunThatLearnedNothingBackExactly()
    {
        const auto back = runFromJson(toJson(test::emptyRun()));
        QVERIFY(back.ok());
        QVERIFY(*back == test::emptyRun());
    }

    void keepsMicrosecondsOfBusyTime_data()
    {
        QTest::addColumn<qint64>("microseconds");
        for (const qint64 value : {0LL, 1LL, 999LL, 1000LL, 640'201LL, 86'400'000'001LL}) {
            QTest::addRow("%lld us", value) << value;
        }
    }
    void keepsMicrosecondsOfBusyTime()
    {
        QFETCH(qint64, microseconds);
        auto run = DeviceFigure{1}.passingRun();
        run.traffic.busy = std::chrono::microseconds{microseconds};
        QCOMPARE(runFromJson(canonicalBytes(run)).value().traffic.busy.count(), microseconds);
    }

    void hasEveryMemberOfTheContractEvenWhenNull()
    {
        const auto document = toJson(test::emptyRun());
        const QStringList names{QStringLiteral("schema"),
                                QStringLiteral("runId"),
                                QStringLiteral("stationId"),
                                QStringLiteral("operator"),
                                QStringLiteral("batch"),
                                QStringLiteral("slot"),
                                QStringLiteral("serialNumber"),
                                QStringLiteral("device"),
                                QStringLiteral("profile"),
                                QStringLiteral("startedAt"),
                                QStringLiteral("durationMs"),
                                QStringLiteral("outcome"),
                                QStringLiteral("code"),
                                QStringLiteral("headline"),
                                QStringLiteral("nextStep"),
                                QStringLiteral("subject"),
                                QStringLiteral("registrationId"),
                                QStringLiteral("endorsementKey"),
                                QStringLiteral("endorsementKeys"),
                                QStringLiteral("storageRootKey"),
                                QStringLiteral("tpm"),
                                QStringLiteral("steps"),
                                QStringLiteral("findings"),
                                QStringLiteral("tpmTraffic"),
                                QStringLiteral("record"),
                                QStringLiteral("software")};
        for (const auto& name : names) {
            QVERIFY2(document.contains(name), qPrintable(name));
        }
        QCOMPARE(document.size(), names.size());
        for (const auto* name :
             {"code", "subject", "registrationId", "endorsementKey", "storageRootKey", "tpm", "record"}) {
            QVERIFY2(document[QLatin1String(name)].isNull(), name);
        }
    }

    void speaksTheWordsOfTheContract()
    {
        const auto document = toJson(DeviceFigure{183}.passingRun());
        QCOMPARE(document[u"schema"].toString(), QStringLiteral("enrollment-station/attestation-run/1"));
        QCOMPARE(document[u"serialNumber"].toString(), QStringLiteral("GX-000183"));
        QCOMPARE(document[u"startedAt"].toString(), QStringLiteral("2026-11-23T06:03:03.120Z"));
        QCOMPARE(document[u"durationMs"].toInt(), 843);
        QCOMPARE(document[u"outcome"].toString(), QStringLiteral("pass"));
        const auto key = document[u"endorsementKey"].toObject();
        QCOMPARE(key[u"source"].toString(), QStringLiteral("handle:0x81010001"));
        QCOMPARE(key[u"template"].toString(), QStringLiteral("tcg-l1"));
        QCOMPARE(key[u"certificate"].toObject()[u"path"].toString(), QStringLiteral("trusted"));
        QVERIFY(key[u"public"].toString().startsWith(QLatin1String("ATo"))); // 01 3A: the size of an RSA 2048 area
        const auto others = document[u"endorsementKeys"].toArray();
        QCOMPARE(others[1].toObject()[u"source"].toString(), QStringLiteral("created"));
        QVERIFY(others[1].toObject()[u"certificate"].isNull());
        QCOMPARE(document[u"tpmTraffic"].toObject()[u"busyMs"].toDouble(), 640.384);
        QCOMPARE(document[u"record"].toObject()[u"state"].toString(), QStringLiteral("queued"));
        const auto finding = document[u"findings"].toArray()[0].toObject();
        QCOMPARE(finding[u"step"].toString(), QStringLiteral("verify-ek-certificate"));
    }

    void saysWhatTheCertificateSaysOfTheTpm()
    {
        auto run = DeviceFigure{3}.passingRun();
        const auto silent = toJson(run)[u"endorsementKey"].toObject()[u"certificate"].toObject();
        for (const auto* name : {"manufacturer", "model", "version", "missingIssuer"}) {
            QVERIFY2(silent[QLatin1String(name)].isNull(), name);
        }
        auto& certificate = *run.endorsementKey->certificate;
        certificate.manufacturer = "id:49465800";
        certificate.model = "SLB9670";
        certificate.version = "id:0755";
        certificate.missingIssuer =
            attestation::MissingIssuer{"CN=Issuer", "c0ffee01", {"http://ca.example/issuer.crt"}};
        NotUnderstood notUnderstood;
        QVERIFY(runFromJson(toJson(run), notUnderstood).value() == run);
        QVERIFY(notUnderstood.empty());
        const auto written = toJson(run)[u"endorsementKey"].toObject()[u"certificate"].toObject();
        QCOMPARE(written[u"model"].toString(), QStringLiteral("SLB9670"));
        QCOMPARE(written[u"missingIssuer"].toObject()[u"keyId"].toString(), QStringLiteral("c0ffee01"));
    }

    void saysWhatTheHeadlineSpeaksOf()
    {
        const auto held = toJson(DeviceFigure{7}.runEndedAs(Outcome::Hold, HoldCode::EkEnrolledElsewhere));
        QCOMPARE(held[u"subject"].toString(), QStringLiteral("GX-000118"));
    }

    void saysWhyADestinationRejected()
    {
        auto run = DeviceFigure{2}.passingRun();
        run.record->destinations = {{DestinationName{"dps"}, RecordState::Rejected, "U-409", "other key"}};
        const auto state = toJson(run)[u"record"].toObject()[u"destinations"].toArray()[0].toObject();
        QCOMPARE(state[u"code"].toString(), QStringLiteral("U-409"));
        QVERIFY(runFromJson(toJson(run)).value() == run);
    }

    void saysWhoSetARecordAsideAndWhy()
    {
        auto run = DeviceFigure{2}.passingRun();
        QVERIFY(!canonicalBytes(run).contains("setAside"));
        const auto at = fromIso8601("2026-11-23T20:14:03.120Z").value();
        run.record->state = RecordState::SetAside;
        run.record->destinations = {{DestinationName{"dps"}, RecordState::SetAside, "U-409", "other key",
                                     SettingAside{at, "Q. Meier", "verschrottet"}}};
        NotUnderstood notUnderstood;
        QVERIFY(runFromJson(toJson(run), notUnderstood).value() == run);
        QVERIFY(notUnderstood.empty());
    }

    void hasStableBytes()
    {
        const auto run = DeviceFigure{5}.passingRun();
        const auto bytes = canonicalBytes(run);
        QCOMPARE(canonicalBytes(runFromJson(bytes).value()), bytes);
        QVERIFY(!bytes.contains('\n'));
        QVERIFY(bytes.startsWith("{\"batch\""));
    }

    void refusesWhatIsNotThere_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto* path :
             {"runId", "slot", "startedAt", "profile", "profile.sha256", "outcome", "endorsementKey.public",
              "endorsementKey.certificate.matchesKey", "tpmTraffic.busyMs", "tpm.specRevision", "record.state",
              "software.build", "steps", "findings", "endorsementKeys"}) {
            QTest::addRow("%s", path) << QString::fromLatin1(path);
        }
    }
    void refusesWhatIsNotThere()
    {
        QFETCH(QString, path);
        const auto document = toJson(DeviceFigure{1}.passingRun());
        const auto why = errorOf(changed(document, path.split(u'.'), QJsonValue{QJsonValue::Undefined}));
        QVERIFY2(why.startsWith(path), qPrintable(why));
    }

    void refusesValuesOfAnotherForm_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QJsonValue>("value");
        const auto row = [](const char* path, const QJsonValue& value) {
            QTest::addRow("%s: %s", path, qPrintable(value.toVariant().toString()))
                << QString::fromLatin1(path) << value;
        };
        row("schema", QLatin1String("enrollment-station/enrollment-record/1"));
        row("schema", QLatin1String("enrollment-station/attestation-run/0"));
        row("schema", QLatin1String("enrollment-station/attestation-run/2b"));
        row("schema", QLatin1String("enrollment-station/attestation-run"));
        row("outcome", 1);
        row("code", 118);
        row("startedAt", QLatin1String("2026-11-23 20:14"));
        row("slot", QLatin1String("1"));
        row("slot", 4'294'967'297.0);
        row("durationMs", 1.5);
        row("tpm.manufacturerId", 4'294'967'296.0);
        row("tpm.specRevision", 4'294'967'434.0);
        row("tpmTraffic.busyMs", 1e300);
        row("tpmTraffic.commands", -1);
        row("subject", 118);
        row("endorsementKey.public", QLatin1String("AToAA"));
        row("endorsementKey.sha256", QLatin1String("abc"));
    }
    void refusesValuesOfAnotherForm()
    {
        QFETCH(QString, path);
        QFETCH(QJsonValue, value);
        const auto good = toJson(DeviceFigure{1}.passingRun());
        QCOMPARE(errorOf(good), QString{});
        const auto why = errorOf(changed(good, path.split(u'.'), value));
        QVERIFY2(why.startsWith(path), qPrintable(why));
    }

    void keepsWordsOfANewerProgram_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* path, const char* word) {
            QTest::addRow("%s: %s", path, word) << QString::fromLatin1(path) << QString::fromLatin1(word);
        };
        row("outcome", "quarantined");
        row("outcome", "PASS");
        row("code", "D-777");
        row("endorsementKey.source", "nv:0x01c90000");
        row("endorsementKey.source", "handle:0x8101zz");
        row("endorsementKey.source", "handle:0x1");
        row("endorsementKey.template", "tcg-l9");
        row("endorsementKey.certificate.path", "revoked");
        row("record.state", "parked");
        row("record.destinations.0.state", "parked");
        row("steps.2.id", "read-firmware");
        row("steps.2.outcome", "parked");
        row("findings.0.severity", "advice");
        row("findings.0.code", "Q-001");
        row("findings.0.step", "read-firmware");
    }
    void keepsWordsOfANewerProgram()
    {
        QFETCH(QString, path);
        QFETCH(QString, word);
        const auto document = changed(toJson(DeviceFigure{1}.passingRun()), path.split(u'.'), word);
        NotUnderstood notUnderstood;
        const auto run = runFromJson(document, notUnderstood);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().what.c_str());
        QCOMPARE(notUnderstood.places.size(), std::size_t{1});
        const auto place = QString::fromStdString(notUnderstood.places.front());
        QVERIFY2(place.endsWith(QLatin1String(" is '") + word + u'\''), qPrintable(place));
        QCOMPARE(toJson(*run), document); // the same word is written again
        QVERIFY(runFromJson(canonicalBytes(*run)).value() == *run);
    }

    void knowsEveryWordItWrites()
    {
        NotUnderstood notUnderstood;
        QVERIFY(runFromJson(toJson(DeviceFigure{1}.passingRun()), notUnderstood).ok());
        QVERIFY2(notUnderstood.empty(), notUnderstood.empty() ? "" : notUnderstood.places.front().c_str());
    }

    void takesAnAbsentMemberForNull_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto* path : {"code", "subject", "registrationId", "endorsementKey", "storageRootKey", "tpm",
                                 "record", "endorsementKey.certificate", "findings.0.code", "findings.0.step",
                                 "record.destinations.0.code", "record.destinations.0.reason"}) {
            QTest::addRow("%s", path) << QString::fromLatin1(path);
        }
    }
    void takesAnAbsentMemberForNull()
    {
        QFETCH(QString, path);
        const auto good = toJson(DeviceFigure{1}.passingRun());
        const auto names = path.split(u'.');
        NotUnderstood notUnderstood;
        const auto absent = runFromJson(changed(good, names, QJsonValue{QJsonValue::Undefined}), notUnderstood);
        QVERIFY2(absent.ok(), absent.ok() ? "" : absent.error().what.c_str());
        QVERIFY(notUnderstood.empty());
        QVERIFY(*absent == runFromJson(changed(good, names, QJsonValue{QJsonValue::Null})).value());
    }

    void noticesMembersItDoesNotKnow()
    {
        auto document = changed(toJson(DeviceFigure{1}.passingRun()), {QStringLiteral("line")}, QLatin1String("A"));
        document = changed(document, {QStringLiteral("steps"), QStringLiteral("1"), QStringLiteral("tries")}, 2);
        NotUnderstood notUnderstood;
        QVERIFY(runFromJson(document, notUnderstood).ok());
        QCOMPARE(notUnderstood.places.size(), std::size_t{2});
        QVERIFY(notUnderstood.places[0].starts_with("steps[1].tries is a member"));
        QVERIFY(notUnderstood.places[1].starts_with("line is a member"));
    }

    void readsANewerVersionAsFarAsItGets()
    {
        const auto schema = QStringLiteral("enrollment-station/attestation-run/99");
        const auto run = DeviceFigure{1}.passingRun();
        NotUnderstood notUnderstood;
        const auto read = runFromJson(changed(toJson(run), {QStringLiteral("schema")}, schema), notUnderstood);
        QVERIFY(read.ok() && *read == run);
        QCOMPARE(notUnderstood.places, std::vector<std::string>{"schema is version 99"});
    }

    void refusesTextThatIsNoObject()
    {
        QVERIFY(!runFromJson(QByteArray{"[]"}).ok());
        QVERIFY(!runFromJson(QByteArray{"{\"schema\":"}).ok());
        QCOMPARE(runFromJson(QByteArray{}).error().code, StationCode::DocumentMalformed);
    }
};

QTEST_APPLESS_MAIN(TestRunDocument)
#include "tst_run_document.moc"
