#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/response_code.h"
#include "core/tpm/response_code_table.h"
#include "core/tpm/tpm_error.h"
#include "tests/support/code_text.h"

#include <QTest>

#include <tss2/tss2_tpm2_types.h>

#include <set>

namespace enroll::test {
namespace {

using namespace tpm;
using C = DeviceCode;

struct Row {
    const char* name;
    std::uint32_t code;
    ErrorCode expected;
};

// Each code as a TPM sends it, with position bits and layers where they occur; numbers from the library's own header.
constexpr Row kRows[]{
    {"failure mode", TPM2_RC_FAILURE, C::TpmSelfTestFailed},
    {"needs test", TPM2_RC_NEEDS_TEST, C::TpmNotTested},
    {"interrupted update", TPM2_RC_UPGRADE, C::FirmwareUpdateUnfinished},
    {"not started", TPM2_RC_INITIALIZE, C::TpmNotStarted},
    {"hierarchy disabled", TPM2_RC_DISABLED, C::HierarchyOff},
    {"hierarchy, parameter 1", TPM2_RC_HIERARCHY + TPM2_RC_P + TPM2_RC_1, C::HierarchyOff},
    {"no authorization of this kind", TPM2_RC_AUTH_UNAVAILABLE, C::NotAsShipped},
    {"bad password, session 1", TPM2_RC_BAD_AUTH + TPM2_RC_S + TPM2_RC_1, C::TpmHierarchyLocked},
    {"wrong password, session 1", TPM2_RC_AUTH_FAIL + TPM2_RC_S + TPM2_RC_1, C::TpmHierarchyLocked},
    {"lockout", TPM2_RC_LOCKOUT, C::TpmLockedOut},
    {"objects", TPM2_RC_OBJECT_MEMORY, C::TpmResourcesExhausted},
    {"sessions", TPM2_RC_SESSION_MEMORY, C::TpmResourcesExhausted},
    {"memory", TPM2_RC_MEMORY, C::TpmResourcesExhausted},
    {"session handles", TPM2_RC_SESSION_HANDLES, C::TpmResourcesExhausted},
    {"object handles", TPM2_RC_OBJECT_HANDLES, C::TpmResourcesExhausted},
    {"context gap", TPM2_RC_CONTEXT_GAP, C::TpmResourcesExhausted},
    {"no NV space", TPM2_RC_NV_SPACE, C::TpmResourcesExhausted},
    {"retry", TPM2_RC_RETRY, C::TpmStaysBusy},
    {"yielded", TPM2_RC_YIELDED, C::TpmStaysBusy},
    {"testing", TPM2_RC_TESTING, C::TpmStaysBusy},
    {"NV rate", TPM2_RC_NV_RATE, C::TpmStaysBusy},
    {"NV unavailable", TPM2_RC_NV_UNAVAILABLE, C::TpmStaysBusy},
    {"integrity, parameter 1", TPM2_RC_INTEGRITY + TPM2_RC_P + TPM2_RC_1, C::TpmRefusedCommand},
    {"handle 1", TPM2_RC_HANDLE + TPM2_RC_1, C::TpmRefusedCommand},
    {"unknown command", TPM2_RC_COMMAND_CODE, C::TpmRefusedCommand},
    {"unknown command, kernel's manager", 0x000B0000 | TPM2_RC_COMMAND_CODE, C::TpmRefusedCommand},
    {"objects, tpm2-abrmd", 0x000C0000 | TPM2_RC_OBJECT_MEMORY, C::TpmResourcesExhausted},
    {"vendor's own", 0x00000D42, C::TpmRefusedCommand},
    {"library: malformed", 0x00070011, C::TpmResponseMalformed},
    {"library: unmarshalling", 0x0009000B, C::TpmResponseMalformed},
    {"library: bad response size", 0x00080010, C::TpmResponseMalformed},
    {"library: HMAC of response", 0x0007001B, C::TpmResponseMalformed},
    {"library: unknown hash algorithm in a response", 0x00070002, C::TpmResponseMalformed},
    {"library: general failure over a response", 0x00080001, C::TpmResponseMalformed},
    {"library: value out of range", 0x0007000B, C::TpmResponseMalformed},
    {"library: general failure of its cryptography", 0x00070001, StationCode::InternalFault},
    {"library: null pointer", 0x00070005, StationCode::InternalFault},
    {"library: called wrongly", 0x00070007, StationCode::InternalFault},
    {"library: bad ESYS handle", 0x00070031, StationCode::InternalFault},
    {"library: out of memory", 0x00070017, StationCode::InternalFault},
    {"line: not implemented", 0x000A0002, StationCode::InternalFault},
    {"every bit", 0xFFFFFFFF, StationCode::InternalFault},
};

} // namespace

class TestTpmError : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesEachCodeItsMeaning_data()
    {
        QTest::addColumn<std::uint32_t>("code");
        QTest::addColumn<QString>("expected");
        for (const auto& row : kRows) {
            QTest::newRow(row.name) << row.code << test::textOf(row.expected);
        }
    }
    void givesEachCodeItsMeaning()
    {
        QFETCH(const std::uint32_t, code);
        QFETCH(const QString, expected);
        const auto error = tpmError(code, "TPM2_Load");
        QCOMPARE(describe(error.code).text, describe(test::codeNamed(expected)).text);
        QCOMPARE(error.operation, std::string{"TPM2_Load"});
        QVERIFY(error.source == ErrorSource{TssCode{code}});
    }

    void namesTheCodeAndItsPosition()
    {
        QCOMPARE(responseCodeText(0x1DF), std::string{"TPM_RC_INTEGRITY, parameter 1 (0x000001DF)"});
        QCOMPARE(responseCodeText(0x18B), std::string{"TPM_RC_HANDLE, handle 1 (0x0000018B)"});
        QCOMPARE(responseCodeText(0x9A2), std::string{"TPM_RC_BAD_AUTH, session 1 (0x000009A2)"});
        QCOMPARE(responseCodeText(0x921), std::string{"TPM_RC_LOCKOUT (0x00000921)"});
        QCOMPARE(responseCodeText(0xD42), std::string{"a code without a name (0x00000D42)"});
    }

    void decodesTheHighestParameterNumber()
    {
        const ResponseCode expected{0x084, ResponseCode::About::Parameter, 15};
        QVERIFY(decodeResponseCode(TPM2_RC_VALUE + TPM2_RC_P + TPM2_RC_F) == expected);
    }

    void asksAgainForWhatIsNotNowOnly()
    {
        std::set<std::uint32_t> retried;
        for (std::uint32_t code = 0; code < 0x1000; ++code) {
            if (asksForRetry(code)) {
                retried.insert(code);
            }
        }
        QCOMPARE(retried, (std::set<std::uint32_t>{TPM2_RC_YIELDED, TPM2_RC_CANCELED, TPM2_RC_TESTING, TPM2_RC_NV_RATE,
                                                   TPM2_RC_RETRY, TPM2_RC_NV_UNAVAILABLE}));
    }

    void listsEachCodeOnce()
    {
        std::set<std::uint32_t> numbers;
        for (const auto& row : responseCodes()) {
            QVERIFY2(numbers.insert(row.number).second, std::string{row.name}.c_str());
            QCOMPARE(decodeResponseCode(row.number).number, row.number);
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTpmError)
#include "tst_tpm_error.moc"
