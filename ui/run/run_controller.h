#pragma once

#include "core/base/clock.h"
#include "core/station/act_log.h"
#include "core/station/badge_check.h"
#include "core/station/duty_memory.h"
#include "core/station/measured_screen.h"
#include "core/station/scan_router.h"
#include "core/station/sign_in.h"
#include "core/station/slot_board.h"
#include "core/station/slot_runner.h"
#include "core/station/usual_durations.h"
#include "core/station/work_order.h"
#include "ui/run/look_relay.h"
#include "ui/run/slot_event_relay.h"

#include <QTimer>

#include <functional>
#include <map>

namespace enroll::ui {

/// What a station needs to run its slots.
struct RunSetup {
    /// Slot and its device address, in the order of the fixture.
    std::map<enrollment::SlotNumber, std::string> devices;
    enrollment::PairingRule pairing = enrollment::PairingRule::NextSlot;
    station::SelfStart start{enrollment::StartRule::Key};
    /// Everything of an order but slot, device and serial number.
    enrollment::EnrollmentOrder order;
    station::RunFactories factories;
    station::PresenceProbe presence = {}; ///< none: no slot senses a device
    station::ScanRouter scans = {};
    std::shared_ptr<station::SlotMemory> memory = {}; ///< none: a restart forgets what the slots showed
    station::WorkOrder workOrder{};
    std::shared_ptr<station::DutyMemory> duty = {}; ///< none: a restart forgets the work order
    station::SignIn signIn{};
    std::shared_ptr<station::BadgeCheck> badges = {}; ///< none: nobody signs in here
    std::shared_ptr<station::ActLog> acts = {};       ///< none: nobody keeps who did what
    /// By which who works here is asked, waits and locks.
    std::function<station::SignIn::TimePoint()> clock = steadyNowWithSleep;
};

/// The slots of the station as the screen sees them: binds serials, starts and stops runs, keeps each slot's state.
/// Lives on the GUI thread and never waits there, except in the destructor, which joins threads that were told to stop.
class RunController final : public QObject {
    Q_OBJECT

public:
    /// Who wants something: a person, or nobody who is known, as the end of the session.
    enum class By { Person, Nobody };

    explicit RunController(RunSetup setup, QObject* parent = nullptr);
    ~RunController() override;

    [[nodiscard]] const station::SlotBoard& board() const { return m_board; }
    [[nodiscard]] const station::UsualDurations& usualDurations() const { return m_usual; }
    [[nodiscard]] const enrollment::ProductProfile& profile() const { return m_setup.order.profile; }
    [[nodiscard]] const std::string& deviceOf(enrollment::SlotNumber slot) const { return m_setup.devices.at(slot); }

    [[nodiscard]] const station::ScanRouter& scans() const { return m_setup.scans; }

    /// While there is a reason to stop, no serial is taken and nothing starts; what runs ends by itself.
    void stopTesting(const Error& reason);
    void allowTesting();
    [[nodiscard]] const std::optional<Error>& stopReason() const { return m_stopReason; }
    /// \p hindrance is asked whenever a test is to start: what hinders it by time alone, of which no event has told yet.
    void askBeforeStart(std::function<std::optional<Error>()> hindrance) { m_hindrance = std::move(hindrance); }

    /// Binds the serial number that was typed or scanned. Errors B-601 (not a serial number of this product), B-624 and B-625 (no
    /// work order, nobody signed in, and one is required), those of SlotBoard::bind(), and the reason to stop.
    Result<station::Binding> bindSerial(std::string_view code, std::optional<enrollment::SlotNumber> wanted);

    /// PresenceWatch::plugged(), where the station looks at its slots.
    void lookAtOnce();

    /// SlotBoard::scanRefused().
    void scanRefused()
    {
        m_board.scanRefused();
        m_labelAside = true;
    }
    [[nodiscard]] const station::WorkOrder& workOrder() const { return m_setup.workOrder; }
    /// WorkOrder::take() with what waits and runs, and kept over a restart. Errors: SignIn::requireSettled().
    Result<station::OrderTaken> takeOrder(const enrollment::BatchId& order);

    [[nodiscard]] const station::SignIn& signIn() const { return m_setup.signIn; }
    /// It is found out whose badge it is; signedIn(), pinAsked() or signInFailed() says so later. Error B-617 (nobody
    /// signs in here).
    Result<void> readBadge(SecretBytes badge);
    /// It is found out whether it is the PIN that is asked for; signedIn() or signInFailed() says so later. Nothing
    /// happens if none is asked for. Error B-627 (has to wait).
    Result<void> enterPin(SecretBytes pin);
    /// SignIn::startAgain().
    void startAgain();
    /// Until when the person whose PIN is asked for has to wait; none: may try.
    [[nodiscard]] std::optional<station::SignIn::TimePoint> pinWaitsUntil() const;
    [[nodiscard]] station::SignIn::TimePoint now() const { return m_setup.clock(); }
    /// SignIn::touched(). True: it came too late, and the station locked first, or the question for a PIN ended, as it should
    /// have before: the touch means nothing of what was shown until then, nor of what is shown now.
    bool touched();
    /// What comes by time alone, is done up to now; it is done by itself when it is due.
    void passTime();
    /// SignIn::signOut(). Without SignIn::requireSettled() the station does not know who wants it: the shift goes on.
    std::optional<enrollment::Person> signOut();
    /// Of the shift that is on, or of the last one; none: nobody signs in here, or nobody did yet.
    [[nodiscard]] std::optional<UtcTime> shiftStart() const;

    /// Whether somebody may say how wide the screen is: SignIn::requireAdministrator().
    [[nodiscard]] Result<void> mayMeasure() const { return signIn().requireAdministrator(); }
    /// It is kept who said so. Errors: those of mayMeasure().
    Result<void> takeMeasure(const station::MeasuredScreen& measured);

    /// SlotBoard::takeBack().
    std::optional<enrollment::SerialNumber> takeBack(enrollment::SlotNumber slot);

    /// SlotBoard::acknowledge(). Errors: those, and of SignIn::requireSettled().
    Result<bool> acknowledge(enrollment::SlotNumber slot);

    /// SlotBoard::dropHand().
    void dropHand(By whom = By::Person);

    /// What the slots showed before the program started, as long as nobody searched the journal for it.
    [[nodiscard]] station::KeptTests unsearched() const;
    /// What the journal holds of those tests: the run that came of it, or none. A slot where somebody went on meanwhile
    /// stays as it is.
    void takeKept(const std::map<enrollment::SlotNumber, std::optional<enrollment::AttestationRun>>& found);
    /// \p reason why nobody can search the journal now. It holds until takeKept().
    void cannotSearch(const Error& reason);
    [[nodiscard]] const std::optional<Error>& searchFault() const { return m_searchFault; }

    /// What the journal says of the record of the run that the slot shows.
    void noteRecord(enrollment::SlotNumber slot, const enrollment::RecordSummary& record);

    /// The station is stopped, or askBeforeStart() finds why it should be, or nobody is signed in or no work order taken where
    /// one is required.
    [[nodiscard]] std::optional<Error> whyNothingStarts() const;

    enum class Start { Started, NothingBound, RunsAlready, Refused };
    /// Starts a slot that has a serial. A run that was stopped, and so judged nothing, is started again: see
    /// SlotBoard::startsAgain().
    Start start(enrollment::SlotNumber slot);
    /// Every slot that has a serial, but for SlotBoard::leftOut(); of these and of those that were stopped, \p selected, or the
    /// only slot of a station unless it is seen to be empty. How many were started.
    int startAllReady(std::optional<enrollment::SlotNumber> selected = {});

    void stop(enrollment::SlotNumber slot, By whom = By::Person);
    /// For good: from here on nothing starts by itself.
    void stopAll(By whom = By::Person);
    /// No slot's thread is at work.
    [[nodiscard]] bool idle() const;

Q_SIGNALS:
    void slotChanged(enroll::enrollment::SlotNumber slot);
    void stopReasonChanged();
    /// The reason is the one of before, and says more to who mends it: which disk is full, for instance.
    void stopExplained();
    void orderChanged();
    void personChanged();
    /// Who was signed in is not any more: what they began and did not finish is nobody else's.
    void handedOver();
    /// Or goes on where the station had locked.
    void signedIn(const enroll::enrollment::Person& person);
    /// Nobody touched the station for so long as was agreed.
    void locked();
    /// The badge is that of somebody with a PIN.
    void pinAsked();
    /// B-603 (a badge of nobody), B-626 and B-627 (a wrong PIN), and whatever keeps the station from telling.
    void signInFailed(const enroll::Error& error);
    /// signIn() is another than before: somebody signs in or out, is asked, has waited, or the station locked.
    void signInChanged();
    /// The run is in the journal, or says why it is not.
    void runFinished(const enroll::enrollment::AttestationRun& run);
    /// A look at the slots brought this about.
    void devicesChanged(const enroll::station::SlotNews& news);
    /// By the rule for starts, and by no person.
    void startedItself(enroll::enrollment::SlotNumber slot);
    /// No device came for \p serial in time: its test waits for the key.
    void deviceLate(const enroll::enrollment::SerialNumber& serial);

private:
    /// Keeps what was done, with the time and, where a person did it and the act does not say who, whoever is signed in.
    /// Nobody where SignIn::requireSettled() is not so: whoever acts then may be anybody.
    void note(station::Act act, By whom = By::Person);
    /// \p before is what the slot showed.
    void noteAcknowledged(enrollment::SlotNumber slot, const station::SlotState& before);
    /// \p serial took \p slot. \p shown is what the slots showed before it; also where another one asked for it.
    void noteReplaced(const station::SlotStates& shown, enrollment::SlotNumber slot,
                      const enrollment::SerialNumber& serial, station::ActCause cause);
    /// Somebody works here, and for an order, where the station requires it. Errors B-624, B-625.
    [[nodiscard]] Result<void> requireDuty() const;
    /// That of \p code, which may be bound now. Errors of bindSerial(), but for those of the board.
    [[nodiscard]] Result<enrollment::SerialNumber> serialToBind(std::string_view code) const;
    void keepDuty();
    void takePerson(station::SignIn::Ticket ticket, const Result<std::optional<enrollment::Person>>& found);
    void takePin(station::SignIn::Ticket ticket, const enrollment::OperatorId& person, const Result<bool>& right);
    void takeAnswer(station::SignIn::Came came, const enrollment::OperatorId& before);
    void beginSignIn();
    /// To be called when signIn() may have changed.
    void noteSignIn();
    void noteWhetherWatched();
    // What a person did, or did not: each has one place where the rest of the program hears of it.
    void noteSignedIn(const enrollment::OperatorId& before);
    /// \p known: it was \p person who wanted it.
    void noteSignedOut(const enrollment::OperatorId& person, bool known);
    void handOver();
    void putHandDown();
    /// Each says what starts it.
    void tellAllSlots();
    void noteLocked();
    void noteUnlocked();
    void noteBadgeRefused(const Error& error);
    /// \p isAsked: somebody waits for the answer still.
    void notePinRefused(const Error& error, const enrollment::OperatorId& person, bool isAsked);
    void take(enrollment::SlotNumber slot, const station::SlotEvent& event);
    void apply(enrollment::SlotNumber slot, const station::SlotEvent& event);
    void takeLook(const station::Looked& looked);
    /// What becomes of a serial number that a device says now.
    [[nodiscard]] station::Hearing hearing() const;
    /// To be called after what may have changed the serial in hand, which was \p before, or what waits for a device.
    void noteHand(const std::optional<enrollment::SerialNumber>& before);
    /// A label was scanned: looks from here on tell whether its device is there in time.
    void awaitDevice();
    void startDue();
    void watchDevices();
    /// Shows what was kept, and keeps what changes from here on.
    void showKept();
    /// The endorsement key of the test that was stopped there, if it is started again and read one.
    std::optional<Bytes> bindAgainIfStopped(enrollment::SlotNumber slot);

    RunSetup m_setup;
    station::Duty m_duty; ///< as it is kept
    std::optional<Error> m_stopReason;
    std::function<std::optional<Error>()> m_hindrance; ///< none: nothing hinders by time alone
    std::optional<Error> m_searchFault;
    QTimer m_signInDue;
    bool m_closing = false;
    bool m_labelAside = false; ///< the label that was scanned latest was refused
    station::SlotBoard m_board;
    station::UsualDurations m_usual;
    int m_hand = 0;         ///< counts what was taken in hand and put down, and who came
    bool m_watched = false; ///< somebody who is known is there
    LookRelay m_looks;
    std::unique_ptr<station::PresenceWatch> m_watch; // before m_looks in destruction, after the runners
    SlotEventRelay m_relay;
    std::map<enrollment::SlotNumber, std::unique_ptr<station::SlotRunner>> m_runners; // before m_relay in destruction
};

} // namespace enroll::ui
