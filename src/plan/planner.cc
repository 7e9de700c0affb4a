// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"
#include "graph/codecs.h"
#include "graph/plausible.h"
#include "plan/as_source.h"
#include "plan/borders.h"
#include "plan/chunks.h"
#include "plan/conform.h"
#include "plan/encoders.h"
#include "plan/joins.h"
#include "plan/keys.h"
#include "plan/lower.h"
#include "plan/picture_graph.h"
#include "plan/plan.h"
#include "plan/preview.h"
#include "plan/sharing_notes.h"
#include "plan/sound.h"
#include "project/media_files.h"

namespace reelmill {

namespace {
// Raised when the same stage gives another result: every key carries it.
constexpr int engine_version = 2;
constexpr double decode_seconds = 0.004, analysis_seconds = 0.004;  // of one core, a frame of 720p

Hasher keyed(std::string_view walk) { return std::move(Hasher().add("reelmill").add(engine_version).add(walk)); }

class Planner {
 public:
  Planner(Project const& project, std::filesystem::path const& source, Known const& known, PlanOptions const& options)
      : project_(project), known_(known), options_(options) {
    plan_.source = source;
    plan_.name = source.stem().string();
    for (auto const& target : project.exports) plan_.outputs.push_back({&target, {}, {}});
  }

  Result<SourcePlan> run() {
    for (auto& output : plan_.outputs) output.file = TRY(output_of(project_, plan_.name, *output.target));
    lowered_ = TRY(lower(project_));
    if (!TRY(plan_index())) return wait("the index");
    for (auto& target : project_.exports) target = for_source(std::move(target), index_, lowered_.reshape);
    if (index_.video.empty()) return plan_sound_alone();
    TRY(lower_picture());
    film_ = shown(index_);
    if (project_.range) film_ = TRY(part_of(index_, lowered_.speed, *project_.range));
    if (!TRY(plan_analysis())) {
      // The sound need not wait: where the index is right about the picture's beginning and end, as it nearly always is,
      // the same sound is found again; else it is made again.
      TRY(plan_sound(span_of_film()));
      return wait("the analysis");
    }
    film_ = {analysis_.pts.front(), analysis_.end};
    if (project_.range) film_ = TRY(part_of(analysis_, index_.video.front().time_base / lowered_.speed, *project_.range));
    TRY(plan_render());
    TRY(plan_sound(span_of_film()));
    TRY(plan_joins());
    return std::move(plan_);
  }

 private:
  std::string source_name() const { return plan_.source.filename().string(); }

  // Stages that cannot be planned before a measurement, named so that a person sees the whole way.
  Result<SourcePlan> wait(std::string const& for_what) {
    auto const reason = "waits for " + for_what;
    auto const add = [&](std::string id, std::string walk, std::vector<std::string> tasks, std::vector<std::string> inputs,
                         std::vector<std::string> outputs) {
      PlannedStage stage;
      stage.id = std::move(id), stage.walk = std::move(walk), stage.tasks = std::move(tasks);
      stage.inputs = std::move(inputs), stage.outputs = std::move(outputs), stage.reason = reason;
      plan_.stages.push_back(std::move(stage));
    };
    if (for_what == "the index") add("analysis", "analysis", analysis_tasks(), {source_name(), "index"}, {"analysis"});
    auto tasks = conform_tasks();
    for (auto& text : step_texts(project_.video)) tasks.push_back(std::move(text));
    for (auto const& target : project_.exports)
      tasks.push_back(fmt::format("encode {} {} {}", target.name, size_text(target), text_of_encoder(target)));
    add("render", "video", std::move(tasks), {source_name(), "analysis"}, {"chunks"});
    if (for_what == "the index") add("sound", "audio", sound_tasks(), {source_name()}, {"sound"});
    for (auto const& output : plan_.outputs)
      add("join " + output.target->name, "mux", {"mux " + output.target->container}, join_inputs(*output.target), {output.file});
    return std::move(plan_);
  }

  // Before the index is known a source may have a sound.
  std::vector<std::string> join_inputs(Export const& target) const {
    bool const is_silent = !index_.video.empty() && chosen_track(index_, project_.normalize.language) == nullptr;
    if (is_silent || !target.has_sound) return {"chunks"};
    return {"chunks", "sound"};
  }

  std::vector<std::string> analysis_tasks() const {
    std::vector<std::string> tasks{"decode", "frame checksums"};
    if (lowered_.motion) tasks.push_back(fmt::format("motion shakiness={} accuracy={}", lowered_.shakiness, lowered_.accuracy));
    return tasks;
  }

  std::vector<std::string> sound_tasks() const {
    auto tasks = step_texts(project_.audio);
    for (auto const& encode : sound_encodes(project_, lowered_.channels, has_picture_))
      tasks.push_back(fmt::format("encode {}{}{}", encode.codec,
                                  encode.bitrate > 0 ? fmt::format(" {}k", encode.bitrate / 1000) : "",
                                  encode.lead ? " with lead" : ""));
    return tasks;
  }

  PlannedStage& add_stage(std::string id, Stage stage, std::vector<std::string> keys) {
    PlannedStage planned;
    planned.id = std::move(id);
    planned.walk = walk_name(stage);
    planned.keys = std::move(keys);
    planned.state = planned.keys.empty() ? StageState::cached : StageState::run;
    planned.reason = planned.keys.empty() ? "nothing changed" : "not made yet";
    if (planned.state == StageState::run) planned.stage = std::move(stage);
    return plan_.stages.emplace_back(std::move(planned));
  }

  std::vector<std::string> missing(std::vector<std::string> keys) const {
    std::erase_if(keys, [&](auto const& key) { return known_.has(key); });
    return keys;
  }

  Result<bool> plan_index() {
    auto const stamp = TRY(stamp_of(plan_.source));
    IndexStage stage;
    stage.key = keyed("index")
                    .add(plan_.source.string())
                    .add(static_cast<std::int64_t>(stamp.inode))
                    .add(stamp.size)
                    .add(stamp.mtime_ns)
                    .add(stamp.ctime_ns)
                    .hex();
    stage.source = plan_.source.string();
    auto& planned = add_stage("index", stage, missing({stage.key}));
    planned.tasks = {"demux", "packet hashes", "access points"};
    planned.inputs = {source_name()};
    planned.outputs = {"index"};
    planned.total = static_cast<double>(stamp.size);
    planned.cost = 0.2;
    planned.memory = 64 << 20;
    if (planned.state == StageState::run) {
      if (auto const faults = judge_unread(plan_.source); !is_valid(faults))
        return Error{.kind = ErrorKind::media, .what = fmt::format("reading {}: {}", source_name(), faults.front().message)};
      return false;
    }
    index_ = TRY(known_.result(stage.key))
    .at("index").get<SourceIndex>();
    if (auto const wrong = implausible(index_))
      return Error{.kind = ErrorKind::media, .what = fmt::format("planning {}: {}", source_name(), *wrong)};
    plan_.notes = sound_notes(project_, index_);
    return true;
  }

  Result<bool> plan_analysis() {
    borders_ = find_borders(index_);
    AnalysisStage stage;
    stage.source = plan_.source.string();
    stage.stream = index_.video.front().stream;
    stage.motion = lowered_.motion;
    stage.shakiness = lowered_.shakiness;
    stage.accuracy = lowered_.accuracy;
    stage.prove = unproved(borders_);
    auto hasher = keyed("analysis").add(index_.identity).add(stage.motion);
    if (stage.motion) hasher.add(stage.shakiness).add(stage.accuracy);
    for (auto const& point : stage.prove) hasher.add(point.pts).add(static_cast<std::int64_t>(point.hash));
    stage.key = hasher.hex();
    auto const frames = static_cast<double>(index_.packets.size());
    auto& planned = add_stage("analysis", stage, missing({stage.key}));
    planned.tasks = analysis_tasks();
    planned.inputs = {source_name(), "index"};
    planned.outputs = {"analysis"};
    planned.total = frames;
    planned.media_seconds = index_.duration.value();
    planned.cost = frames * analysis_seconds;
    planned.memory = 128 << 20;
    if (planned.state == StageState::run) return false;
    analysis_ = TRY(known_.result(stage.key))
    .at("analysis").get<SourceAnalysis>();
    if (auto const wrong = implausible(analysis_))
      return Error{.kind = ErrorKind::failed,
                   .what = fmt::format("planning {}: its analysis is damaged: {}; remove .reelmill/cache and run again",
                                       source_name(), *wrong)};
    if (!stage.prove.empty()) borders_ = proved_borders(index_, analysis_.proved);
    return true;
  }

  Result<void> lower_picture() {
    conform_ = conform_of(index_.video.front(), nullptr, lowered_);
    graph_ = TRY(reelmill::lower_picture(project_, index_.video.front(), {lowered_.video, lowered_.timings, lowered_.drawn}));
    if (!options_.without.contains("common")) graph_ = pass_common(std::move(graph_));
    if (!options_.without.contains("share")) graph_ = pass_share(graph_);
    return {};
  }

  // What is done to the source before the steps, as far as it is known.
  std::vector<std::string> conform_tasks() const {
    if (index_.video.empty()) return {};
    auto const& source = index_.video.front();
    auto tasks = conform_.tasks;
    if (source.mirrored) tasks.push_back("mirror");
    if (source.rotation != 0) tasks.push_back(fmt::format("turn {}°", source.rotation));
    auto const working = working_colours(source);
    bool const converts = std::any_of(project_.exports.begin(), project_.exports.end(), [&](Export const& target) {
      return export_colours(working, target.width, target.height) != working;
    });
    if (converts) tasks.push_back("convert to BT.709");
    return tasks;
  }

  Result<void> plan_render() {
    VideoStage stage;
    stage.source = plan_.source.string();
    stage.stream = index_.video.front().stream;
    conform_ = conform_of(index_.video.front(), &analysis_, lowered_);
    stage.width = conform_.width;
    stage.height = conform_.height;
    stage.prefilters = conform_.prefilters;
    stage.nodes = graph_.nodes;
    Footage footage{index_, analysis_, borders_, lowered_, graph_};
    if (project_.range) footage.part = film_;
    auto chunks = chunks_of(keyed("video"), stage, footage);
    stage.chunks = std::move(chunks.chunks);
    chunk_keys_ = std::move(chunks.keys);
    std::vector<std::string> wanted;
    std::size_t units = 0;
    for (auto& chunk : stage.chunks) {
      units += chunk.wanted.size();
      std::erase_if(chunk.wanted, [&](WantedUnit const& unit) { return known_.has(unit.key); });
      for (auto const& unit : chunk.wanted) wanted.push_back(unit.key);
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::erase_if(stage.chunks, [](VideoChunk const& chunk) { return chunk.wanted.empty(); });

    auto const chunks_in_all = chunk_keys_.size();
    auto& planned = add_stage("render", stage, wanted);
    planned.tasks = conform_tasks();
    for (auto& text : step_texts(project_.video)) planned.tasks.push_back(std::move(text));
    for (auto const& node : graph_.nodes) {
      if (auto const* fit = std::get_if<FitNode>(&node))
        planned.tasks.push_back(fmt::format("fit {} {}x{}", fit->fit, fit->width, fit->height));
      if (auto const* encode = std::get_if<EncodeNode>(&node)) {
        planned.tasks.push_back(fmt::format("encode {} for {}", text_of(*encode), targets_of(encode->id)));
        planned.memory += encoder_memory(*encode);
      }
    }
    planned.inputs = {source_name(), "analysis"};
    for (auto& note : sharing_notes(graph_, project_)) planned.tasks.push_back(std::move(note));
    planned.outputs = {fmt::format("{} chunk{}", chunks_in_all, chunks_in_all == 1 ? "" : "s")};
    if (!wanted.empty() && wanted.size() < units)
      planned.reason = fmt::format("{} of {} parts are not made yet", wanted.size(), units);
    for (auto const& chunk : stage.chunks) {
      planned.total += static_cast<double>(chunk.shown());
      planned.cost += cost_of(chunk);
    }
    planned.media_seconds = planned.total / std::max<double>(1, static_cast<double>(analysis_.pts.size())) * duration().value();
    planned.memory += (160 << 20) + conform_.memory;
    return {};
  }

  std::string targets_of(std::string const& node) const {
    std::string out;
    for (auto const& leaf : graph_.leaves)
      if (leaf.node == node) out += (out.empty() ? "" : ", ") + project_.exports[leaf.target].name;
    return out;
  }

  double cost_of(VideoChunk const& chunk) const {
    double cost = static_cast<double>(chunk.pts.size()) * (decode_seconds + conform_.seconds);
    for (auto const& unit : chunk.wanted) {
      auto const& node = encode_named(graph_, unit.node);
      if (auto const map = chunk.maps.find(to_string(node.rate)); map != chunk.maps.end())
        cost += static_cast<double>(map->second.size()) * encoder_seconds(node);
    }
    return cost;
  }

  // How long a unit of the source's time stamps lasts in the film.
  Rational tick() const { return index_.video.front().time_base / lowered_.speed; }
  Rational duration() const { return Rational(film_.end - film_.first) * tick(); }

  // The sound ends with the last frame of the longest export.
  Span span_of_film() const {
    Span span{Rational(film_.first) * index_.video.front().time_base, 0};
    for (auto const& node : graph_.nodes)
      if (auto const* encode = std::get_if<EncodeNode>(&node))
        span.duration = std::max(span.duration, Rational(round(duration() * encode->rate)) / encode->rate);
    return span;
  }

  Result<bool> plan_sound(Span const& span) {
    auto const* const track = chosen_track(index_, project_.normalize.language);
    auto encodes = sound_encodes(project_, lowered_.channels, has_picture_);
    if (track == nullptr || encodes.empty()) return true;
    auto stage = sound_stage(project_, lowered_, *track, span, std::move(encodes), keyed("audio"));
    stage.source = plan_.source.string();
    std::vector<std::string> keys;
    for (auto const& encode : stage.encodes) keys.push_back(encode.key);
    sound_ = stage.encodes;
    auto const wanted = missing(keys);
    std::erase_if(stage.encodes,
                  [&](auto const& encode) { return std::find(wanted.begin(), wanted.end(), encode.key) == wanted.end(); });
    auto& planned = add_stage("sound", stage, wanted);
    planned.tasks = sound_conversions(lowered_, *track);
    for (auto& task : sound_tasks()) planned.tasks.push_back(std::move(task));
    planned.inputs = {source_name()};
    planned.outputs = {fmt::format("{} sound{}", sound_.size(), sound_.size() == 1 ? "" : "s")};
    planned.total = planned.media_seconds = stage.duration.value();
    planned.cost = planned.media_seconds * 0.05;
    planned.memory = 64 << 20;
    return planned.state == StageState::cached;
  }

  // Without a picture every export holds the sound alone, from its first sample to its last.
  Result<SourcePlan> plan_sound_alone() {
    has_picture_ = false;
    auto const* const track = chosen_track(index_, project_.normalize.language);
    plan_.notes.insert(plan_.notes.begin(), "no picture: the exports hold its sound alone");
    Span span{track->start, track->duration / lowered_.speed};
    if (project_.range) span = TRY(part_of(span, lowered_.speed, *project_.range));
    bool const ready = TRY(plan_sound(span));
    for (auto& output : plan_.outputs) {
      auto const& target = *output.target;
      auto const* const container = container_named(target.container);
      if (!target.has_sound || !container || container->cuts_sound_by_picture)
        return Error{.kind = ErrorKind::media,
                     .what = fmt::format("planning {}: it has no picture, and {}; leave export '{}' out for it", source_name(),
                                         target.has_sound ? target.container + " cannot hold sound alone" : "no sound is wanted",
                                         target.name)};
      MuxStage stage;
      std::vector<std::string> wanted;
      if (ready) {
        stage = TRY(join_stage(keyed("mux"), target, {.sound = sound_of(target, std::nullopt)}, known_));
        if (stage.audio.empty())
          return Error{.kind = ErrorKind::media,
                       .what = fmt::format("planning {}: it has no picture, and its sound is empty", source_name())};
        output.key = stage.key;
        wanted = missing({stage.key});
      }
      add_join(output, stage, wanted, ready, {"sound"}, span.duration.value(), span.duration.value());
    }
    return std::move(plan_);
  }

  // The made one of an export's kind; null: it has none.
  AudioEncode const* sound_of(Export const& target, std::optional<int> reorder) const {
    if (sound_.empty() || !target.has_sound) return nullptr;
    auto const wanted = sound_for(project_, lowered_.channels, target, reorder);
    return &*std::find_if(sound_.begin(), sound_.end(), [&](auto const& encode) { return is_same_sound(encode, wanted); });
  }

  JoinParts parts_of(Leaf const& leaf, Export const& target) const {
    JoinParts parts;
    for (auto const& keys : chunk_keys_)
      if (auto const& key = keys[leaf.target]; !key.empty()) parts.chunks.push_back(key);
    parts.picture = &encode_named(graph_, leaf.node);
    parts.sound = sound_of(target, parts.picture->reorder);
    return parts;
  }

  bool are_made(JoinParts const& parts) const {
    return missing(parts.chunks).empty() && (!parts.sound || known_.has(parts.sound->key));
  }

  Result<void> plan_joins() {
    for (auto const& leaf : graph_.leaves) {
      auto& output = plan_.outputs[leaf.target];
      auto const& target = project_.exports[leaf.target];
      MuxStage stage;
      std::vector<std::string> wanted;
      auto const parts = parts_of(leaf, target);
      bool const ready = are_made(parts);
      if (ready) {
        stage = TRY(join_stage(keyed("mux"), target, parts, known_));
        output.key = stage.key;
        wanted = missing({stage.key});
      }
      auto const frames = round(duration() * parts.picture->rate);
      add_join(output, stage, wanted, ready, join_inputs(target), static_cast<double>(frames), duration().value());
    }
    return {};
  }

  void add_join(PlannedOutput const& output, MuxStage const& stage, std::vector<std::string> wanted, bool ready,
                std::vector<std::string> inputs, double total, double seconds) {
    auto& planned = add_stage("join " + output.target->name, stage, std::move(wanted));
    planned.tasks = {"mux " + output.target->container};
    if (!output.target->edit_lists) planned.tasks.push_back("no edit lists");
    planned.inputs = std::move(inputs);
    planned.outputs = {output.file};
    planned.total = total;
    planned.media_seconds = seconds;
    planned.cost = 0.3;
    planned.memory = 64 << 20;
    if (ready) return;
    planned.state = StageState::waiting;
    planned.reason = "waits for its parts";
  }

  Project project_;  // its exports as they are for this source, once the index is known
  Known const& known_;
  PlanOptions const& options_;
  SourcePlan plan_;
  Lowered lowered_;
  SourceIndex index_;
  SourceAnalysis analysis_;
  Shown film_;  // as the analysis says, or until then the index
  std::vector<Border> borders_;
  Conform conform_;
  PictureGraph graph_;
  std::vector<std::vector<std::string>> chunk_keys_;  // for each chunk, for each export; empty: it shows no frame
  std::vector<AudioEncode> sound_;
  bool has_picture_ = true;  // until the index says otherwise
};
}  // namespace

Result<SourcePlan> plan_source(Project const& project, std::filesystem::path const& source, Known const& known,
                               PlanOptions const& options) {
  // Results come from disk and from workers that read hostile files.
  try {
    return Planner(project, source, known, options).run();
  } catch (std::overflow_error const&) {
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("planning {}: its time stamps lead beyond every clock; remux the file first",
                                     printable(source.filename().string()))};
  } catch (std::exception const&) {
    return Error{.kind = ErrorKind::failed,
                 .what = fmt::format("planning {}: a cached result is damaged; remove .reelmill/cache and run again",
                                     printable(source.filename().string()))};
  }
}

}  // namespace reelmill
