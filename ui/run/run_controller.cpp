#include "ui/run/run_controller.h"

#include "core/base/scan_code.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace enroll::ui {
namespace {

using enrollment::SlotNumber;

std::vector<SlotNumber> slotsOf(const std::map<SlotNumber, std::string>& devices)
{
    std::vector<SlotNumber> slots;
    for (const auto& [slot, device] : devices) {
        slots.push_back(slot);
    }
    return slots;
}

/// What the work order of a serial number is kept for.
std::set<enrollment::SerialNumber> waitingIn(const station::SlotBoard& board)
{
    std::set<enrollment::SerialNumber> serials;
    for (const auto slot : board.slots()) {
        const auto serial = station::serialOf(board.state(slot));
        if (serial && board.slotOf(*serial) == slot) {
            serials.insert(*serial);
        }
    }
    if (board.inHand()) {
        serials.insert(*board.inHand());
    }
    return serials;
}

station::SlotStates shownBy(const station::SlotBoard& board)
{
    station::SlotStates shown;
    for (const auto slot : board.slots()) {
        shown.emplace(slot, board.state(slot));
    }
    return shown;
}

/// Where looks find out whether the device of before is gone.
std::set<SlotNumber> doubtedBy(const station::SlotBoard& board)
{
    std::set<SlotNumber> doubted;
    for (const auto slot : board.slots()) {
        if (board.doubted(slot)) {
            doubted.insert(slot);
        }
    }
    return doubted;
}

} // namespace

RunController::RunController(RunSetup setup, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_duty(m_setup.duty ? m_setup.duty->kept() : station::Duty{}),
      m_board(slotsOf(m_setup.devices), m_setup.pairing, m_setup.start)
{
    watchDevices();
    connect(&m_relay, &SlotEventRelay::received, this, &RunController::take);
    for (const auto slot : m_board.slots()) {
        m_runners.emplace(slot,
                          std::make_unique<station::SlotRunner>(slot, m_setup.factories, m_relay, m_setup.memory));
    }
    showKept();
    beginSignIn();
}

RunController::~RunController()
{
    // All at once first: joining one by one would add up their waits.
    stopAll(By::Nobody);
    if (m_watch) {
        m_watch->requestStop();
    }
}

void RunController::stopTesting(const Error& reason)
{
    const auto known = m_stopReason && m_stopReason->code == reason.code && m_stopReason->subject == reason.subject;
    const auto before = std::exchange(m_stopReason, reason);
    if (!known) {
        Q_EMIT stopReasonChanged();
    } else if (before->what != reason.what) {
        Q_EMIT stopExplained();
    }
}

void RunController::allowTesting()
{
    if (std::exchange(m_stopReason, std::nullopt)) {
        Q_EMIT stopReasonChanged();
    }
}

/// What nobody here can change comes first, then what is wrong with the code.
Result<enrollment::SerialNumber> RunController::serialToBind(std::string_view code) const
{
    if (m_stopReason) {
        return *m_stopReason;
    }
    TRY_ASSIGN(auto serial, enrollment::parseSerialNumber(code, profile()));
    TRY(requireDuty());
    return serial;
}

Result<station::Binding> RunController::bindSerial(std::string_view code, std::optional<SlotNumber> wanted)
{
    const auto serial = serialToBind(code);
    if (!serial.ok()) {
        scanRefused();
        return serial.error();
    }
    const auto before = m_board.inHand();
    auto waiting = waitingIn(m_board);
    if (const auto occupied = m_board.slotOf(*serial);
        occupied && m_board.startOf(*occupied) == station::StartBy::Label) {
        waiting.erase(*serial); // its device said it before: this is the first time that its label is read
    }
    const auto shown = shownBy(m_board);
    auto binding = m_board.bind(*serial, wanted, std::chrono::steady_clock::now());
    m_labelAside = !binding.ok();
    if (binding.ok()) {
        m_setup.workOrder.scanned(*serial, waiting);
        if (binding->slot) {
            noteReplaced(shown, *binding->slot, *serial, station::ActCause::Scan);
        }
    }
    noteHand(before);
    awaitDevice();
    for (const auto slot : m_board.slots()) { // also the one that asked for this scan elsewhere
        if (shown.at(slot) != m_board.state(slot) || (binding.ok() && binding->slot == slot)) {
            Q_EMIT slotChanged(slot);
        }
    }
    startDue();
    return binding;
}

Result<station::OrderTaken> RunController::takeOrder(const enrollment::BatchId& order)
{
    TRY(signIn().requireSettled());
    auto taken = m_setup.workOrder.take(order, waitingIn(m_board));
    m_duty.order = station::KeptOrder{order, utcNow()};
    keepDuty();
    note({.what = station::ActKind::OrderTaken, .batch = order});
    Q_EMIT orderChanged();
    return taken;
}

void RunController::keepDuty()
{
    if (m_setup.duty) {
        m_setup.duty->change(m_duty);
    }
}

std::optional<Error> RunController::whyNothingStarts() const
{
    if (m_stopReason) {
        return m_stopReason;
    }
    if (auto hindrance = m_hindrance ? m_hindrance() : std::nullopt) {
        return hindrance;
    }
    const auto duty = requireDuty();
    return duty.ok() ? std::nullopt : std::optional{duty.error()};
}

Result<void> RunController::requireDuty() const
{
    TRY(signIn().requireSomebody());
    return workOrder().requireOne();
}

void RunController::awaitDevice()
{
    if (m_watch) {
        m_watch->scanned(++m_hand);
    }
    if (m_setup.start.rule() == enrollment::StartRule::Key) {
        return;
    }
    constexpr std::chrono::milliseconds kBehind{10};
    // Precise: a coarse one may come before its time, finds nobody late, and nothing would ever say that the test waits.
    QTimer::singleShot(m_setup.start.deviceTime() + kBehind, Qt::PreciseTimer, this, [this] {
        for (const auto& serial : m_board.late(std::chrono::steady_clock::now())) {
            const auto slot = m_board.slotOf(serial);
            Q_EMIT slotChanged(slot.value_or(m_board.slots().front())); // it says what starts it
            Q_EMIT deviceLate(serial);
        }
    });
}

void RunController::startDue()
{
    if (m_stopReason || m_closing) {
        return;
    }
    for (const auto slot : m_board.due(std::chrono::steady_clock::now())) {
        if (start(slot) == Start::Started) {
            Q_EMIT startedItself(slot);
        }
    }
}

std::optional<enrollment::SerialNumber> RunController::takeBack(SlotNumber slot)
{
    auto serial = m_board.takeBack(slot);
    if (serial) {
        note({.what = station::ActKind::SerialTakenBack, .slot = slot, .serialNumber = *serial});
        noteHand(m_board.inHand());
        Q_EMIT slotChanged(slot);
    }
    return serial;
}

Result<bool> RunController::acknowledge(SlotNumber slot)
{
    TRY(signIn().requireSettled());
    const auto before = m_board.has(slot) ? m_board.state(slot) : station::SlotState{};
    TRY_ASSIGN(const bool done, m_board.acknowledge(slot));
    if (done) {
        noteAcknowledged(slot, before);
        Q_EMIT slotChanged(slot);
    }
    return done;
}

void RunController::dropHand(By whom)
{
    const auto before = m_board.inHand();
    m_board.dropHand();
    noteHand(before);
    if (before) {
        note({.what = station::ActKind::SerialTakenBack, .serialNumber = *before}, whom);
    }
}

void RunController::lookAtOnce()
{
    if (m_watch) {
        m_watch->plugged();
    }
}

/// The run waits on its own thread until nobody looks at its slot.
void RunController::watchDevices()
{
    if (!m_setup.presence) {
        return;
    }
    connect(&m_looks, &LookRelay::received, this, &RunController::takeLook);
    m_watch = std::make_unique<station::PresenceWatch>(m_board.slots(), m_setup.presence, m_looks);
    m_setup.factories.tpm = [watch = m_watch.get(), open = m_setup.factories.tpm](
                                const enrollment::EnrollmentOrder& order, std::stop_token stop) {
        watch->awaitQuiet(order.slot);
        return open(order, std::move(stop));
    };
}

void RunController::showKept()
{
    if (!m_setup.memory) {
        return;
    }
    for (const auto& [slot, test] : m_setup.memory->kept()) {
        if (m_board.has(slot) && deviceOf(slot) == test.device) { // at another address is another device
            m_board.apply(slot, station::TestKept{test});
        }
    }
    connect(this, &RunController::slotChanged, this, [this](SlotNumber slot) {
        station::keepState(*m_setup.memory, slot, m_board.state(slot), deviceOf(slot), profile().stamp);
    });
}

station::KeptTests RunController::unsearched() const
{
    station::KeptTests tests;
    for (const auto slot : m_board.slots()) {
        const auto* unknown = std::get_if<station::SlotUnknown>(&m_board.state(slot));
        if (unknown != nullptr && !unknown->searched) {
            tests.emplace(slot, unknown->test);
        }
    }
    return tests;
}

void RunController::takeKept(const std::map<SlotNumber, std::optional<enrollment::AttestationRun>>& found)
{
    m_searchFault.reset();
    for (const auto& [slot, run] : found) {
        apply(slot, run ? station::SlotEvent{station::TestFound{*run}} : station::TestNotFound{});
    }
}

void RunController::cannotSearch(const Error& reason)
{
    m_searchFault = reason;
    for (const auto& [slot, test] : unsearched()) {
        Q_EMIT slotChanged(slot);
    }
}

void RunController::noteHand(const std::optional<enrollment::SerialNumber>& before)
{
    const auto changed = m_board.inHand() != before;
    if (m_watch) {
        m_watch->expect(m_board.expectsDevice());
        m_watch->doubt(doubtedBy(m_board));
        if (changed) {
            m_watch->scanned(++m_hand);
        }
    }
    if (changed) { // every free slot says which device may come
        for (const auto slot : m_board.slots()) {
            Q_EMIT slotChanged(slot);
        }
    }
}

station::Hearing RunController::hearing() const
{
    if (!signIn().requireSomebody().ok()) {
        return station::Hearing::Doubts;
    }
    return m_stopReason || !requireDuty().ok() ? station::Hearing::Waits : station::Hearing::Binds;
}

void RunController::takeLook(const station::Looked& looked)
{
    const auto before = m_board.inHand();
    auto waiting = waitingIn(m_board);
    const auto shown = shownBy(m_board);
    station::Look look{{}, looked.hand == m_hand, looked.at, {}, hearing(), {}, looked.unclear};
    for (const auto& [slot, sighting] : looked.found) {
        look.found.emplace(slot, sighting.present);
        if (sighting.says) {
            look.says.emplace(slot, *sighting.says);
        } else if (!sighting.unfit.empty()) {
            look.unfit.emplace(slot, sighting.unfit);
        }
    }
    const auto all = m_board.look(look);
    noteHand(before);
    for (const auto& news : all) {
        if (news.what != station::SlotNews::What::Bound) {
            continue;
        }
        noteReplaced(shown, news.slot, *news.serial, station::ActCause::Device);
        if (m_board.rule() == enrollment::PairingRule::DeviceSerial) { // said in place of a scan
            m_setup.workOrder.scanned(*news.serial, waiting);
            waiting.insert(*news.serial);
        }
    }
    for (const auto slot : m_board.slots()) {
        Q_EMIT slotChanged(slot);
    }
    for (const auto& news : all) {
        Q_EMIT devicesChanged(news);
    }
    startDue();
}

void RunController::noteRecord(SlotNumber slot, const enrollment::RecordSummary& record)
{
    m_board.apply(slot, station::RecordJudged{enrollment::isRefused(record.state)});
}

RunController::Start RunController::start(SlotNumber slot)
{
    if (std::holds_alternative<station::SlotRunning>(m_board.state(slot))) {
        return Start::RunsAlready;
    }
    if (whyNothingStarts()) {
        return Start::Refused;
    }
    auto goesOnWith = bindAgainIfStopped(slot);
    const auto* ready = std::get_if<station::SlotReady>(&m_board.state(slot));
    if (ready == nullptr) {
        return Start::NothingBound;
    }
    auto order = m_setup.order;
    order.goesOnWith = std::move(goesOnWith);
    order.slot = slot;
    order.serialNumber = ready->serial;
    order.operatorId = signIn().operatorId();
    order.batch = workOrder().orderOf(ready->serial);
    order.device = deviceOf(slot);
    if (m_watch) {
        m_watch->reserve(slot);
    }
    if (!m_runners.at(slot)->start(std::move(order)).ok()) {
        if (m_watch && !m_runners.at(slot)->running()) {
            m_watch->release(slot);
        }
        return Start::RunsAlready;
    }
    // It runs from here on, not from when its thread's news arrives: no second start, no other serial in between.
    apply(slot, station::RunStarted{std::chrono::steady_clock::now()});
    return Start::Started;
}

std::optional<Bytes> RunController::bindAgainIfStopped(SlotNumber slot)
{
    if (!m_board.startsAgain(slot)) {
        return std::nullopt;
    }
    const auto stopped = std::get<station::SlotFinished>(m_board.state(slot)).run;
    m_setup.workOrder.repeats(stopped.serialNumber, stopped.batch);
    apply(slot, station::SerialBound{stopped.serialNumber});
    return stopped.endorsementKey ? std::optional{stopped.endorsementKey->publicArea} : std::nullopt;
}

int RunController::startAllReady(std::optional<SlotNumber> selected)
{
    if (whyNothingStarts()) {
        return 0;
    }
    const auto all = m_board.slots();
    if (all.size() == 1 && !selected && !m_board.isSeenEmpty(all.front())) {
        selected = all.front();
    }
    auto slots = m_board.ready();
    if (selected && m_board.startsAgain(*selected)) {
        slots.push_back(*selected);
    }
    const auto leftOut = m_board.leftOut();
    return static_cast<int>(std::ranges::count_if(slots, [&](SlotNumber slot) {
        const bool meant = slot == selected || std::ranges::find(leftOut, slot) == leftOut.end();
        return meant && start(slot) == Start::Started;
    }));
}

void RunController::stop(SlotNumber slot, By whom)
{
    m_runners.at(slot)->requestStop();
    const auto* running = std::get_if<station::SlotRunning>(&m_board.state(slot));
    if (running != nullptr && !running->stopAsked) {
        station::Act act{.what = station::ActKind::RunStopped, .slot = slot, .serialNumber = running->serial};
        act.runId = m_runners.at(slot)->runId();
        note(std::move(act), whom);
    }
    apply(slot, station::StopAsked{});
    if (m_labelAside) { // its device may take this one's place, and no scan will say so
        m_board.scanRefused();
    }
}

void RunController::stopAll(By whom)
{
    m_closing = true;
    for (const auto& [slot, runner] : m_runners) {
        stop(slot, whom);
    }
}

bool RunController::idle() const
{
    return std::ranges::none_of(m_runners, [](const auto& entry) { return entry.second->running(); });
}

void RunController::take(SlotNumber slot, const station::SlotEvent& event)
{
    apply(slot, event);
    if (const auto* finished = std::get_if<station::RunFinished>(&event)) {
        if (m_watch) {
            m_watch->release(slot);
        }
        m_usual.learn(finished->run);
        Q_EMIT runFinished(finished->run);
    }
}

void RunController::apply(SlotNumber slot, const station::SlotEvent& event)
{
    m_board.apply(slot, event);
    Q_EMIT slotChanged(slot);
}

} // namespace enroll::ui
