#include "db/documents/outbox_document.h"

#include <QTest>

using namespace enroll;
using namespace enroll::db::documents;
using namespace enroll::enrollment;

class TestOutboxDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesANoteBackExactly()
    {
        const OutboxNote note{DestinationName{"cloud"}, 42, RegistrationId{"gx-1"}};
        QVERIFY(outboxNoteFromJson(canonicalBytes(note)).value() == note);
    }

    void givesARejectionBackExactly()
    {
        const DeliveryEvent event{43,      DestinationName{"cloud"}, RegistrationId{"gx-1"}, RecordState::Rejected,
                                  "U-409", "the id has another key"};
        QVERIFY(deliveryEventFromJson(canonicalBytes(event)).value() == event);
    }

    void writesNullWhereNothingWasRefused()
    {
        const DeliveryEvent event{43, DestinationName{"cloud"}, RegistrationId{"gx-1"}, RecordState::Sent, {}, {}};
        QVERIFY(canonicalBytes(event).contains("\"code\":null"));
        QVERIFY(deliveryEventFromJson(canonicalBytes(event)).value() == event);
    }

    void givesASettingAsideBackExactly()
    {
        const DeliveryEvent event{
            43, DestinationName{"cloud"}, RegistrationId{"gx-1"}, RecordState::SetAside, {}, "scrapped", "Q. Meier"};
        QVERIFY(deliveryEventFromJson(canonicalBytes(event)).value() == event);
    }

    /// Bytes of events that earlier programs knew are as those wrote them.
    void namesNobodyWhereNothingWasSetAside()
    {
        const DeliveryEvent event{43, DestinationName{"cloud"}, RegistrationId{"gx-1"}, RecordState::Queued, {}, {}};
        QVERIFY(!canonicalBytes(event).contains("\"by\""));
    }

    void refusesANoteAsAnEvent()
    {
        const OutboxNote note{DestinationName{"cloud"}, 42, RegistrationId{"gx-1"}};
        QVERIFY(!deliveryEventFromJson(canonicalBytes(note)).ok());
    }
};

QTEST_APPLESS_MAIN(TestOutboxDocument)
#include "tst_outbox_document.moc"
