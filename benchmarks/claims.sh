#!/usr/bin/env bash
# Measures what docs/claims.md says of expressiveness: trains the models, scores them, cuts them, prints the tables and draws
# the figures of docs/claims. What exists already is not made again, so it goes on where it was stopped.
#   benchmarks/claims.sh [DIR]      keeps models, inputs, scores and cuts in DIR, target/claims-COMMIT unless told
#   MODELS="resnet20 vgg9"          resnet56 too: an hour or two of training more; it is scored, not cut
#   FIGURES=docs/claims             where figures go
#   SEEDS=3 DRAWS=5 THREADS=1       seeds of cuts, sets of images for each number of samples, threads of libtorch
# It took 90 minutes on two cores that other work kept busy, with two trainings of VGG-9 of 9 to 27 minutes each. The demo's
# own archive is scored, not trained anew.
# Needs Debian's python3-torch, python3-numpy, python3-matplotlib and dataset-fashion-mnist.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
out=${1:-$root/target/claims-$commit}
threads=${THREADS:-1} seeds=${SEEDS:-3} draws=${DRAWS:-5}
export OMP_NUM_THREADS=$threads PYTHONDONTWRITEBYTECODE=1
python=/usr/bin/python3
shape=1,1,28,28
demo=$root/espalier-cli/src/main/resources/io/espalier/cli/demo
partial=$(mktemp -d)
trap 'rm -rf "$partial"' EXIT

recipe() {
  case $1 in
    resnet20) echo "--depth 20" ;;
    resnet56) echo "--depth 56 --shortcuts A" ;;
    vgg9) echo "--network vgg9" ;;
    *) echo "claims.sh: MODELS knows resnet20, resnet56 and vgg9, not $1" >&2; exit 2 ;;
  esac
}

# train NAME SEED STATE OPTION...: writes models/NAME-seedSEED-STATE.pt
train() {
  local name=$1 seed=$2 to=$out/models/$1-seed$2-$3.pt
  shift 3
  [ ! -e "$to" ] || return 0
  echo "training ${to##*/}" >&2
  # shellcheck disable=SC2046 # Options are words.
  $python "$root/demo-model/train.py" $(recipe "$name") --seed "$seed" "$@" --count 1 --out "$partial" >"${to%.pt}.log"
  mv "$partial/fashion-$name.pt" "$to"
}

# score MODEL INPUTS SAMPLES: writes scores/MODEL/INPUTS-SAMPLES.json
score() {
  local to=$out/scores/$1/$2-$3.json
  [ ! -e "$to" ] || return 0
  echo "scoring $1 on $3 of $2" >&2
  mkdir -p "${to%/*}"
  "$root/espalier" score "$out/models/$1.pt" --input-shape $shape --data "$out/inputs/$2.npz" --samples "$3" \
    --threads "$threads" --json >"$partial/score"
  mv "$partial/score" "$to"
}

# cut MODEL SOURCE SCORED INPUTS TARGET SEED: cuts MODEL as the expressiveness of archive SCORED on INPUTS says, and recovers it
cut() {
  local to=$out/cuts/$1/$2-$5-$6.json images=$out/inputs/draw-$6.npz
  [ ! -e "$to" ] || return 0
  echo "cutting $1 to $5 by $2, seed $6" >&2
  mkdir -p "${to%/*}"
  "$root/espalier" prune "$out/models/$3.pt" --input-shape $shape --data "$out/inputs/$4.npz" --samples 512 \
    --threads "$threads" --criterion expressiveness --target "macs=$5" \
    -o "$partial/planned.pt" --report "$partial/planned.json" >/dev/null
  $python -c 'import json, sys; print(json.dumps({"groups": json.load(open(sys.argv[1]))["removed"]}))' \
    "$partial/planned.json" >"$partial/plan.json"
  "$root/espalier" prune "$out/models/$1-seed1-trained.pt" --input-shape $shape --data "$images" --samples 512 \
    --threads "$threads" --plan "$partial/plan.json" --recover ridge --test "$out/inputs/test.npz" \
    -o "$partial/cut.pt" --report "$partial/cut.json" >/dev/null
  mv "$partial/cut.json" "$to"
}

mkdir -p "$out/models" "$out/scores" "$out/cuts" "$out/compare"
[ -e "$out/inputs/test.npz" ] || $python "$root/benchmarks/claims/inputs.py" "$out/inputs"

for name in ${MODELS:-resnet20 vgg9}; do
  trained="1"
  if [ "$name" = resnet20 ]; then
    cp -n "$demo/fashion-resnet20.pt" "$out/models/resnet20-seed1-trained.pt"
  else
    [ "$name" != vgg9 ] || trained="1 2"
    for seed in $trained; do train "$name" "$seed" trained --epochs 5; done
  fi
  for seed in 1 2; do
    train "$name" "$seed" initial --epochs 0
    train "$name" "$seed" normed --epochs 0 --norm-batches 50
    score "$name-seed$seed-initial" reference 4096
    score "$name-seed$seed-normed" reference 4096
  done
  for seed in $trained; do score "$name-seed$seed-trained" reference 4096; done
  for inputs in normal uniform shuffled smooth; do
    score "$name-seed1-trained" "$inputs" 4096
  done
  "$root/espalier" inspect "$out/models/$name-seed1-trained.pt" --input-shape $shape --json >"$partial/groups"
  mv "$partial/groups" "$out/scores/$name-groups.json"
  [ "$name" != resnet56 ] || continue
  for samples in 16 32 64 128 256 512 1024 2048 4096; do
    for draw in $(seq "$draws"); do score "$name-seed1-trained" "draw-$draw" "$samples"; done
  done
  "$root/espalier" compare "$out/models/$name-seed1-trained.pt" --input-shape $shape --data "$out/inputs/draw-1.npz" \
    --test "$out/inputs/test.npz" --targets 0.8,0.65,0.5,0.35 --metric macs --samples 512 --seeds "$seeds" \
    --criteria expressiveness,l1,l2,hybrid:0.5,random --recover 'none;ridge' --threads "$threads" \
    -o "$out/compare/$name" >/dev/null
  for target in 0.8 0.5; do
    for seed in $(seq "$seeds"); do
      cut "$name" images "$name-seed1-trained" "draw-$seed" $target "$seed"
      for inputs in normal smooth; do cut "$name" $inputs "$name-seed1-trained" $inputs $target "$seed"; done
      cut "$name" initial "$name-seed1-initial" "draw-$seed" $target "$seed"
    done
  done
done

$python "$root/benchmarks/claims/figures.py" "$out" "${FIGURES:-$root/docs/claims}" | tee "$out/tables.md"
