#include "core/base/cloud_code.h"
#include "db/dps/dps_answer.h"
#include "db/dps/enrollment_of_record.h"
#include "tests/db/dps/dps_samples.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/numbered_record.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::delivery;
using namespace enroll::test;

class TestDpsAnswer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesARefusedCallByItsStatus_data();
    void namesARefusedCallByItsStatus();
    void keepsTheServicesOwnWords();
    void acceptsEveryItemOfASuccessfulResult();
    void tellsItemsApart();
    void matchesItemsWithoutRegardToLetterCase();
    void asksAboutItemsThatAnUnsuccessfulResultDoesNotName();
    void readsItemCodesThatAreBareStatuses();
    void leavesContradictionsInDoubt_data();
    void leavesContradictionsInDoubt();
    void splitsACallThatOneRecordSpoiled();
    void rejectsTheOnlyRecordOfARefusedCall();
    void tellsAServiceThatRefusesQuestions();
    void rejectsNothingWithoutTheServicesOwnWord_data();
    void rejectsNothingWithoutTheServicesOwnWord();
    void leavesAnUnexpectedAnswerUndecided_data();
    void leavesAnUnexpectedAnswerUndecided();
    void takesAGatewaysPageForNoWordOfTheService_data();
    void takesAGatewaysPageForNoWordOfTheService();
    void takesAnItemsQuotaForARefusalOfAll();
    void takesTheWaitFromTheAnswer();
    void acceptsWhatTheServiceHoldsWithTheSameKey();
    void rejectsWhatTheServiceHoldsWithAnotherKey();
    void rejectsWhatTheServiceHoldsByOtherMeansThanATpm();
    void rejectsWhatTheServiceHoldsWithAnotherValue();
    void findsNothingUnderAnUnknownId();
    void doesNotTakeAnotherEnrollmentForTheOneAskedFor();
    void leavesAReadBackUndecidedWhenRefused();
    void onlyInfersThatNothingIsThereFromWhatItMaySayOfAnyId_data();
    void onlyInfersThatNothingIsThereFromWhatItMaySayOfAnyId();
    void leavesAReadBackUndecidedWhenSomebodyElseAnswers_data();
    void leavesAReadBackUndecidedWhenSomebodyElseAnswers();

private:
    const UtcTime m_now = fromIso8601("2026-11-06T08:49:00Z").value();
    const std::vector<enrollment::RegistrationId> m_ids{idNumber(1), idNumber(2), idNumber(3)};
    const provisioning::IndividualEnrollment m_first = enrollmentOfRecord(recordNumber(1));

    [[nodiscard]] std::vector<ItemVerdict> itemsOf(const HttpAnswer& answer) const
    {
        const auto verdict = judgeBulkAnswer(answer, m_ids, m_now);
        const auto* items = std::get_if<std::vector<ItemVerdict>>(&verdict);
        return items == nullptr ? std::vector<ItemVerdict>{} : *items;
    }
};

void TestDpsAnswer::namesARefusedCallByItsStatus_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("bad body") << 400001 << test::textOf(CloudCode::RefusedRequest);
    QTest::newRow("sign-in") << 401002 << test::textOf(CloudCode::RefusedSignIn);
    QTest::newRow("right missing, as 401") << 401001 << test::textOf(CloudCode::Forbids);
    QTest::newRow("right missing, as 403") << 403000 << test::textOf(CloudCode::Forbids);
    QTest::newRow("unknown id") << 404201 << test::textOf(CloudCode::DoesNotKnowId);
    QTest::newRow("too slow") << 408000 << test::textOf(CloudCode::TimedOut);
    QTest::newRow("exists") << 409201 << test::textOf(CloudCode::HasOtherKey);
    QTest::newRow("busy") << 429001 << test::textOf(CloudCode::Busy);
    QTest::newRow("fault") << 500000 << test::textOf(CloudCode::Fault);
    QTest::newRow("overloaded") << 503000 << test::textOf(CloudCode::Fault);
    QTest::newRow("redirect") << 302000 << test::textOf(CloudCode::AnswerMalformed);
}

void TestDpsAnswer::namesARefusedCallByItsStatus()
{
    QFETCH(int, errorCode);
    QFETCH(QString, wanted);

    const auto body = QByteArray(R"({"errorCode":N,"message":"no"})").replace("N", QByteArray::number(errorCode));
    const auto error = errorOfAnswer(answerWith(errorCode / 1000, body), "POST /enrollments");

    QCOMPARE(error.code, test::codeNamed(wanted));
    QVERIFY(error.source == ErrorSource{HttpStatus{errorCode / 1000}});
}

void TestDpsAnswer::keepsTheServicesOwnWords()
{
    const auto error = errorOfAnswer(answerWith(400, R"({"errorCode":400004,"message":"Endorsement key is invalid"})"),
                                     "POST /enrollments");
    const auto bare = errorOfAnswer(answerWith(502, "<html>Bad gateway</html>"), "POST /enrollments");

    QCOMPARE(error.what, std::string{"400004 Endorsement key is invalid"});
    QCOMPARE(bare.what, std::string{"502"});
}

void TestDpsAnswer::acceptsEveryItemOfASuccessfulResult()
{
    const auto items = itemsOf(answerWith(200, bulkDone()));

    QCOMPARE(items.size(), std::size_t{3});
    for (const auto& item : items) {
        QVERIFY(std::holds_alternative<Accepted>(item));
    }
}

void TestDpsAnswer::tellsItemsApart()
{
    const auto items = itemsOf(
        answerWith(200, bulkResult({bulkRefusal(m_ids[0], 409201, "exists"), bulkRefusal(m_ids[1], 400004, "bad key"),
                                    bulkRefusal(m_ids[2], 429001, "later")})));

    QVERIFY(std::holds_alternative<Conflict>(items.at(0)));
    QCOMPARE(std::get<Refused>(items.at(1)), (Refused{400004, "400004 bad key"}));
    QCOMPARE(std::get<Trouble>(items.at(2)).error.code, CloudCode::Busy);
    QVERIFY(std::get<Trouble>(items.at(2)).longWaitCode == CloudCode::AsksForLongWait);
    QCOMPARE(std::get<Trouble>(items.at(2)).kind, TroubleKind::Busy);
}

void TestDpsAnswer::matchesItemsWithoutRegardToLetterCase()
{
    const auto items =
        itemsOf(answerWith(200, bulkResult({bulkRefusal(enrollment::RegistrationId{"DEV-002"}, 400001)})));

    QVERIFY(std::holds_alternative<Refused>(items.at(1)));
}

void TestDpsAnswer::asksAboutItemsThatAnUnsuccessfulResultDoesNotName()
{
    const auto items = itemsOf(answerWith(200, bulkResult({bulkRefusal(m_ids[1], 400004)})));

    QVERIFY(std::holds_alternative<NotMentioned>(items.at(0)));
    QVERIFY(std::holds_alternative<Refused>(items.at(1)));
    QVERIFY(std::holds_alternative<NotMentioned>(items.at(2)));
}

void TestDpsAnswer::readsItemCodesThatAreBareStatuses()
{
    const auto items = itemsOf(answerWith(200, bulkResult({bulkRefusal(m_ids[0], 409), bulkRefusal(m_ids[1], 500)})));

    QVERIFY(std::holds_alternative<Conflict>(items.at(0)));
    QCOMPARE(std::get<Trouble>(items.at(1)).kind, TroubleKind::InDoubt);
}

void TestDpsAnswer::leavesContradictionsInDoubt_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no JSON") << QByteArray{"<html>welcome</html>"};
    QTest::newRow("broken JSON") << QByteArray{R"({"isSuccessful":tr)"};
    QTest::newRow("a list") << QByteArray{"[]"};
    QTest::newRow("empty object") << QByteArray{"{}"};
    QTest::newRow("nothing at all") << QByteArray{};
    QTest::newRow("unsuccessful without a reason") << QByteArray{R"({"isSuccessful":false,"errors":[]})"};
    QTest::newRow("an id that was not sent")
        << bulkResult({bulkRefusal(enrollment::RegistrationId{"dev-999"}, 400001)});
    QTest::newRow("errors that are no list") << QByteArray{R"({"isSuccessful":true,"errors":"dev-001"})"};
    QTest::newRow("a code beyond all numbers")
        << bulkResult({R"({"registrationId":"dev-001","errorCode":1e12,"errorStatus":"no"})"});
    QTest::newRow("a code that is no error") << bulkResult({bulkRefusal(m_ids[0], 200000)});
    QTest::newRow("two errors for one id")
        << bulkResult({bulkRefusal(m_ids[0], 400001), bulkRefusal(enrollment::RegistrationId{"DEV-001"}, 409201)});
    QTest::newRow("successful with errors")
        << bulkResult({bulkRefusal(m_ids[0], 400001)}).replace(R"("isSuccessful":false)", R"("isSuccessful":true)");
}

void TestDpsAnswer::leavesContradictionsInDoubt()
{
    QFETCH(QByteArray, body);

    const auto verdict = judgeBulkAnswer(answerWith(200, body), m_ids, m_now);

    QVERIFY(std::holds_alternative<Trouble>(verdict));
    QCOMPARE(std::get<Trouble>(verdict).error.code, CloudCode::AnswerMalformed);
    QCOMPARE(std::get<Trouble>(verdict).kind, TroubleKind::InDoubt);
}

void TestDpsAnswer::splitsACallThatOneRecordSpoiled()
{
    const auto verdict = judgeBulkAnswer(answerWith(400, R"({"errorCode":400001,"message":"item 2"})"), m_ids, m_now);

    QVERIFY(std::holds_alternative<SpoiledCall>(verdict));
    QCOMPARE(std::get<SpoiledCall>(verdict).error.what, std::string{"400001 item 2"});
}

void TestDpsAnswer::rejectsTheOnlyRecordOfARefusedCall()
{
    const auto one = std::span{m_ids}.first(1);
    const auto refused = judgeBulkAnswer(answerWith(400, R"({"errorCode":400004,"message":"bad key"})"), one, m_now);
    const auto exists = judgeBulkAnswer(answerWith(409, R"({"errorCode":409201,"message":"exists"})"), one, m_now);

    QCOMPARE(std::get<Refused>(std::get<std::vector<ItemVerdict>>(refused).at(0)), (Refused{400004, "400004 bad key"}));
    QVERIFY(std::holds_alternative<Conflict>(std::get<std::vector<ItemVerdict>>(exists).at(0)));
}

void TestDpsAnswer::tellsAServiceThatRefusesQuestions()
{
    QVERIFY(refusesQuestions(answerWith(400, R"({"errorCode":400004,"message":"Unsupported API version"})")));
    QVERIFY(refusesQuestions(answerWith(403, R"({"errorCode":403004})")));
    for (const int status : {200, 404, 408, 429, 500, 503}) { // it answers, or could do so another time
        const QByteArray body{"{\"errorCode\":" + QByteArray::number(status * 1000) + "}"};
        QVERIFY(!refusesQuestions(answerWith(status, body)));
    }
    QVERIFY(!refusesQuestions(answerWith(400, "<html>a gateway</html>")));
}

void TestDpsAnswer::rejectsNothingWithoutTheServicesOwnWord_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const QByteArray page{"<html><body>Request Entity Too Large</body></html>"};
    QTest::newRow("bad request, a page") << 400 << page;
    QTest::newRow("precondition, a page") << 412 << page;
    QTest::newRow("too large, a page") << 413 << page;
    QTest::newRow("unprocessable, a page") << 422 << page;
    QTest::newRow("another form") << 400 << QByteArray{R"({"message":"no"})"};
    QTest::newRow("another status's code") << 413 << QByteArray{R"({"errorCode":400004,"message":"no"})"};
}

void TestDpsAnswer::rejectsNothingWithoutTheServicesOwnWord()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);

    const auto verdict = judgeBulkAnswer(answerWith(status, body), std::span{m_ids}.first(1), m_now);

    const auto open = std::get<Trouble>(std::get<std::vector<ItemVerdict>>(verdict).at(0));
    QCOMPARE(open.error.code, CloudCode::AnswerMalformed);
    QCOMPARE(open.kind, TroubleKind::InDoubt);
}

void TestDpsAnswer::leavesAnUnexpectedAnswerUndecided_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<TroubleKind>("kind");
    const auto row = [](const char* name, int status, ErrorCode code, TroubleKind kind) {
        QTest::newRow(name) << status << test::textOf(code) << kind;
    };
    row("sign-in", 401, CloudCode::RefusedSignIn, TroubleKind::NeedsPerson);
    row("forbidden", 403, CloudCode::Forbids, TroubleKind::NeedsPerson);
    row("not a provisioning service", 404, CloudCode::AnswerMalformed, TroubleKind::Unreachable);
    row("method", 405, CloudCode::AnswerMalformed, TroubleKind::Unreachable);
    row("created, not done", 201, CloudCode::AnswerMalformed, TroubleKind::InDoubt);
    row("taken for later", 202, CloudCode::AnswerMalformed, TroubleKind::InDoubt);
    row("nothing to say", 204, CloudCode::AnswerMalformed, TroubleKind::InDoubt);
    row("redirect", 307, CloudCode::AnswerMalformed, TroubleKind::Unreachable);
    row("busy", 429, CloudCode::Busy, TroubleKind::Busy);
    row("fault", 500, CloudCode::Fault, TroubleKind::InDoubt);
    row("gateway", 502, CloudCode::Fault, TroubleKind::InDoubt);
    row("turned away", 503, CloudCode::Fault, TroubleKind::Busy);
    row("gateway gave up", 504, CloudCode::Fault, TroubleKind::InDoubt);
}

void TestDpsAnswer::leavesAnUnexpectedAnswerUndecided()
{
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(TroubleKind, kind);

    const auto body = QByteArray(R"({"errorCode":N,"message":"no"})").replace("N", QByteArray::number(status * 1000));
    const auto verdict = judgeBulkAnswer(answerWith(status, body), m_ids, m_now);

    QVERIFY(std::holds_alternative<Trouble>(verdict));
    QCOMPARE(std::get<Trouble>(verdict).error.code, test::codeNamed(code));
    QCOMPARE(std::get<Trouble>(verdict).kind, kind);
}

void TestDpsAnswer::takesAGatewaysPageForNoWordOfTheService_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("sign-in") << 401;
    QTest::newRow("forbidden") << 403;
}

void TestDpsAnswer::takesAGatewaysPageForNoWordOfTheService()
{
    QFETCH(int, status);
    const auto page = answerWith(status, "<html>blocked by plant policy</html>");

    const auto sent = judgeBulkAnswer(page, m_ids, m_now);
    const auto read = judgeEnrollmentAnswer(page, m_first, m_now);

    QCOMPARE(std::get<Trouble>(sent).kind, TroubleKind::InDoubt);
    QCOMPARE(std::get<Trouble>(sent).error.code, CloudCode::AnswerMalformed);
    QCOMPARE(std::get<Trouble>(read).kind, TroubleKind::InDoubt);
}

void TestDpsAnswer::takesAnItemsQuotaForARefusalOfAll()
{
    const auto items = itemsOf(answerWith(200, bulkResult({bulkRefusal(m_ids[0], 403004, "quota reached")})));

    QCOMPARE(std::get<Trouble>(items.at(0)).kind, TroubleKind::RefusedAll);
    QCOMPARE(std::get<Trouble>(items.at(0)).error.what, std::string{"403004 quota reached"});
}

void TestDpsAnswer::takesTheWaitFromTheAnswer()
{
    const auto verdict = judgeBulkAnswer(answerWith(429, "{}", {{"retry-after", "42"}}), m_ids, m_now);

    QCOMPARE(std::get<Trouble>(verdict).retryAfter, std::optional{std::chrono::seconds{42}});
}

void TestDpsAnswer::acceptsWhatTheServiceHoldsWithTheSameKey()
{
    const auto record = recordNumber(1);
    const auto outcome = judgeEnrollmentAnswer(answerWith(200, enrollmentBody("DEV-001", record.endorsementKey)),
                                               enrollmentOfRecord(record), m_now);

    QVERIFY(std::holds_alternative<Accepted>(outcome));
}

void TestDpsAnswer::rejectsWhatTheServiceHoldsWithAnotherKey()
{
    const auto record = recordNumber(1);
    const auto outcome = judgeEnrollmentAnswer(
        answerWith(200, enrollmentBody("dev-001", recordNumber(2).endorsementKey)), enrollmentOfRecord(record), m_now);

    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::HasOtherKey);
}

void TestDpsAnswer::rejectsWhatTheServiceHoldsByOtherMeansThanATpm()
{
    const auto record = recordNumber(1);
    const auto outcome =
        judgeEnrollmentAnswer(answerWith(200, R"({"registrationId":"dev-001","attestation":{"type":"symmetricKey"}})"),
                              enrollmentOfRecord(record), m_now);

    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::HasOtherKey);
    QVERIFY(std::get<Trouble>(outcome).error.what.find("symmetricKey") != std::string::npos);
}

void TestDpsAnswer::rejectsWhatTheServiceHoldsWithAnotherValue()
{
    const auto body = enrollmentBody("dev-001", recordNumber(1).endorsementKey).replace("enabled", "disabled");
    const auto outcome = judgeEnrollmentAnswer(answerWith(200, body), m_first, m_now);

    QCOMPARE(std::get<Trouble>(outcome).kind, TroubleKind::RefusedRecord);
    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::HoldsOtherSettings);
    QCOMPARE(std::get<Trouble>(outcome).error.what,
             std::string{R"(provisioningStatus is "disabled" at the service and "enabled" in the record)"});
}

void TestDpsAnswer::findsNothingUnderAnUnknownId()
{
    const auto outcome =
        judgeEnrollmentAnswer(answerWith(404, R"({"errorCode":404201,"message":"no"})"), m_first, m_now);

    QVERIFY(!std::get<Absent>(outcome).onlyInferredFrom);
}

void TestDpsAnswer::doesNotTakeAnotherEnrollmentForTheOneAskedFor()
{
    const auto record = recordNumber(1);
    const auto outcome = judgeEnrollmentAnswer(answerWith(200, enrollmentBody("dev-002", record.endorsementKey)),
                                               enrollmentOfRecord(record), m_now);

    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::AnswerMalformed);
}

void TestDpsAnswer::leavesAReadBackUndecidedWhenRefused()
{
    const auto outcome = judgeEnrollmentAnswer(answerWith(429, "{}", {{"retry-after", "3"}}), m_first, m_now);

    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::Busy);
    QVERIFY(std::get<Trouble>(outcome).longWaitCode == CloudCode::AsksForLongWait);
    QCOMPARE(std::get<Trouble>(outcome).retryAfter, std::optional{std::chrono::seconds{3}});
}

void TestDpsAnswer::onlyInfersThatNothingIsThereFromWhatItMaySayOfAnyId_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<ErrorCode>("expected");
    QTest::newRow("an id that it cannot hold") << 400007 << ErrorCode{CloudCode::RefusedRequest};
    QTest::newRow("a version that it does not know") << 400002 << ErrorCode{CloudCode::RefusedRequest};
    QTest::newRow("an instance that is gone") << 404000 << ErrorCode{CloudCode::DoesNotKnowId};
    QTest::newRow("a registration, not an enrollment") << 404202 << ErrorCode{CloudCode::DoesNotKnowId};
}

void TestDpsAnswer::onlyInfersThatNothingIsThereFromWhatItMaySayOfAnyId()
{
    QFETCH(const int, errorCode);
    QFETCH(const ErrorCode, expected);
    const auto body = QByteArray{R"({"message":"said","errorCode":)"} + QByteArray::number(errorCode) + "}";

    const auto outcome = judgeEnrollmentAnswer(answerWith(errorCode / 1000, body), m_first, m_now);

    const auto& said = std::get<Absent>(outcome).onlyInferredFrom;
    QVERIFY(said);
    QCOMPARE(said->code, expected);
    QVERIFY(said->what.find(std::to_string(errorCode)) != std::string::npos);
}

void TestDpsAnswer::leavesAReadBackUndecidedWhenSomebodyElseAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("bad request, a page") << 400 << QByteArray{"<html>no</html>"};
    QTest::newRow("not found, a page") << 404 << QByteArray{"<html>no such page</html>"};
    QTest::newRow("not found, no words") << 404 << QByteArray{};
    QTest::newRow("not found, another form") << 404 << QByteArray{R"({"message":"no"})"};
    QTest::newRow("not found, another status's code") << 404 << QByteArray{R"({"errorCode":400004,"message":"no"})"};
    QTest::newRow("method") << 405 << QByteArray{R"({"errorCode":405000,"message":"no"})"};
    QTest::newRow("conflict") << 409 << QByteArray{R"({"errorCode":409203,"message":"no"})"};
    QTest::newRow("gone") << 410 << QByteArray{};
    QTest::newRow("nothing to say") << 204 << QByteArray{};
}

void TestDpsAnswer::leavesAReadBackUndecidedWhenSomebodyElseAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);

    const auto outcome = judgeEnrollmentAnswer(answerWith(status, body), m_first, m_now);

    QCOMPARE(std::get<Trouble>(outcome).error.code, CloudCode::AnswerMalformed);
    QCOMPARE(std::get<Trouble>(outcome).kind, TroubleKind::InDoubt);
}

QTEST_APPLESS_MAIN(TestDpsAnswer)
#include "tst_dps_answer.moc"
