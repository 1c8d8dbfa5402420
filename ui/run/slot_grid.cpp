#include "ui/run/slot_grid.h"

#include "ui/run/every_content.h"
#include "ui/run/page_tab.h"

#include <QKeyEvent>

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr QSize kSmallest{320, 160};
constexpr double kWidestTab = 420;
constexpr int kRing = 5; ///< of a tile's cell, which begins outside its frame
constexpr double kDeskMetres = 0.3;

std::optional<Towards> towardsOf(int key) noexcept
{
    switch (key) {
    case Qt::Key_Left:
        return Towards::Left;
    case Qt::Key_Right:
        return Towards::Right;
    case Qt::Key_Up:
        return Towards::Up;
    case Qt::Key_Down:
        return Towards::Down;
    default:
        return std::nullopt;
    }
}

} // namespace

SlotGrid::SlotGrid(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_longest(longestContents())
{
    // Before the first size is known, all stand on one page: what a slot showed before a restart is shown by then.
    m_plan.perPage = std::max(1, static_cast<int>(slots.size()));
    m_plan.shape = gridShape(m_plan.perPage);
    setMinimumSize(kSmallest);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    for (int page = 0; page < std::min(kMostPages, static_cast<int>(slots.size())); ++page) {
        auto* tab = new PageTab(theme, this);
        tab->setObjectName(QStringLiteral("page%1").arg(page + 1));
        tab->hide();
        connect(tab, &PageTab::clicked, this, [this, page] { Q_EMIT pageChosen(page); });
        m_tabs.push_back(tab);
    }
    for (const auto slot : slots) {
        addTile(slot, theme);
    }
    connect(&theme, &Theme::changed, this, [this] {
        replan();
        arrange();
    });
}

void SlotGrid::addTile(enrollment::SlotNumber slot, const Theme& theme)
{
    auto* tile = new SlotTile(slot, theme, this);
    const auto position = m_tiles.size();
    connect(tile, &SlotTile::activated, this, &SlotGrid::activated);
    connect(tile, &SlotTile::chosen, this, &SlotGrid::chosen);
    connect(tile, &SlotTile::focused, this, &SlotGrid::focused);
    connect(tile, &SlotTile::alerted, this, &SlotGrid::alerted);
    connect(tile, &SlotTile::needsPerson, this, &SlotGrid::needsPerson);
    connect(tile, &SlotTile::textChanged, this, [this, position] { takeContent(position); });
    m_tiles.push_back(tile);
}

bool SlotGrid::callsPerson() const
{
    return std::ranges::any_of(
        m_tiles, [](const SlotTile* tile) { return alertOf(tile->content().look) == Alert::NeedsPerson; });
}

SlotTile* SlotGrid::tile(enrollment::SlotNumber slot) const
{
    const auto position = positionOf(slot);
    return position < 0 ? nullptr : m_tiles[static_cast<std::size_t>(position)];
}

int SlotGrid::positionOf(enrollment::SlotNumber slot) const
{
    const auto found = std::ranges::find(m_tiles, slot, &SlotTile::slot);
    return found == m_tiles.end() ? -1 : static_cast<int>(found - m_tiles.begin());
}

void SlotGrid::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    for (auto* tab : m_tabs) {
        tab->setScale(scale);
    }
}

void SlotGrid::planFor(const QSize& room)
{
    m_room = room;
    replan();
    arrange();
}

void SlotGrid::replan()
{
    const auto slots = static_cast<int>(m_tiles.size());
    const auto first = m_page * m_plan.perPage;
    const auto room = m_room.isEmpty() ? size() : m_room;
    m_plan = planPages(room, tabsHeight(m_scale), slots, m_theme.viewing(), m_longest);
    if (room != size()) {
        auto desk = m_theme.viewing();
        desk.distanceMetres = kDeskMetres;
        const auto now = planPages(size(), tabsHeight(m_scale), slots, desk, m_longest);
        m_plan = now.pages > m_plan.pages ? now : m_plan;
    }
    m_page = std::clamp(m_plan.pageOf(first), 0, m_plan.pages - 1);
}

void SlotGrid::arrange()
{
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        const auto position = static_cast<int>(i);
        auto* tile = m_tiles[i];
        tile->setGeometry(cellOf(m_plan, position % m_plan.perPage, size(), tabsHeight(m_scale)).toRect());
        tile->setForm(m_plan.density(), m_plan.form);
        tile->setVisible(m_plan.pageOf(position) == m_page);
    }
    for (int page = 0; page < m_plan.pages; ++page) {
        for (int row = 0; row < m_plan.shape.rows; ++row) {
            sizeRow(page, row);
        }
    }
    arrangeTabs();
    noteTabs();
}

void SlotGrid::arrangeTabs()
{
    const auto height = static_cast<int>(tabsHeight(m_scale)) - kTabGap;
    const auto room = (width() - 2.0 * kRing - (m_plan.pages - 1) * kTabGap) / m_plan.pages;
    const auto wide = static_cast<int>(std::min(room, m_scale.px(kWidestTab)));
    for (int page = 0; page < static_cast<int>(m_tabs.size()); ++page) {
        auto* tab = m_tabs[static_cast<std::size_t>(page)];
        tab->setGeometry(kRing + page * (wide + kTabGap), 0, wide, height);
        tab->setChecked(page == m_page);
        tab->setVisible(m_plan.pages > 1 && page < m_plan.pages);
    }
}

std::vector<SlotTile*> SlotGrid::tilesOf(int page) const
{
    const auto count = static_cast<int>(m_tiles.size());
    const auto from = std::min(count, page * m_plan.perPage);
    return {m_tiles.begin() + from, m_tiles.begin() + std::min(count, from + m_plan.perPage)};
}

void SlotGrid::sizeRow(int page, int row)
{
    if (m_plan.density() == Density::One) {
        return;
    }
    const auto all = tilesOf(page);
    const auto columns = static_cast<std::size_t>(m_plan.shape.columns);
    const auto from = std::min(all.size(), static_cast<std::size_t>(row) * columns);
    const std::vector<SlotTile*> tiles(all.begin() + static_cast<std::ptrdiff_t>(from),
                                       all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), from + columns)));
    if (tiles.empty()) {
        return;
    }
    std::vector<const TileContent*> contents;
    for (const auto* tile : tiles) {
        contents.push_back(&tile->content());
    }
    const auto sizes = sizesFor(tiles.front()->layoutNow(), contents);
    for (auto* tile : tiles) {
        tile->setSizes(sizes);
    }
}

void SlotGrid::takeContent(std::size_t position)
{
    const auto place = static_cast<int>(position);
    sizeRow(m_plan.pageOf(place), place % m_plan.perPage / m_plan.shape.columns);
    noteTabs();
}

void SlotGrid::noteTabs()
{
    const std::vector<PageTab*> shown(m_tabs.begin(), m_tabs.begin() + (m_plan.pages > 1 ? m_plan.pages : 0));
    for (std::size_t page = 0; page < shown.size(); ++page) {
        std::vector<const TileContent*> contents;
        for (const auto* tile : tilesOf(static_cast<int>(page))) {
            contents.push_back(&tile->content());
        }
        shown[page]->show(noteOf(contents));
    }
    const auto words = std::ranges::all_of(shown, &PageTab::holdsWords);
    for (auto* tab : shown) {
        tab->setTitle(words ? PageTab::Title::Words : PageTab::Title::Numbers);
    }
}

void SlotGrid::showPage(int page)
{
    const auto wanted = std::clamp(page, 0, m_plan.pages - 1);
    if (wanted != m_page) {
        m_page = wanted;
        arrange();
    }
}

void SlotGrid::showPageOf(enrollment::SlotNumber slot)
{
    if (const auto position = positionOf(slot); position >= 0) {
        showPage(m_plan.pageOf(position));
    }
}

void SlotGrid::follow(enrollment::SlotNumber slot)
{
    const auto needed = [](const SlotTile* tile) { return urgency(tile->content().look) > 0; };
    if (!std::ranges::any_of(tilesOf(m_page), needed)) {
        showPageOf(slot);
    }
}

QWidget* SlotGrid::seenAt(enrollment::SlotNumber slot) const
{
    const auto position = positionOf(slot);
    if (position < 0 || m_plan.pageOf(position) == m_page) {
        return tile(slot);
    }
    return m_tabs[static_cast<std::size_t>(m_plan.pageOf(position))];
}

void SlotGrid::keyPressEvent(QKeyEvent* event)
{
    const auto towards = towardsOf(event->key());
    const auto focused = std::ranges::find_if(m_tiles, [](const SlotTile* tile) { return tile->hasFocus(); });
    if (!towards || (event->modifiers() & ~Qt::KeyboardModifiers(Qt::KeypadModifier)) != Qt::NoModifier ||
        focused == m_tiles.end()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const auto position = static_cast<int>(focused - m_tiles.begin());
    if (const auto beside = neighbour(m_plan, static_cast<int>(m_tiles.size()), position, *towards)) {
        m_tiles[static_cast<std::size_t>(*beside)]->setFocus(Qt::TabFocusReason);
    }
}

void SlotGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    replan();
    arrange();
}

} // namespace enroll::ui
