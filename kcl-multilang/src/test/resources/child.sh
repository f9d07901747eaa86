#!/bin/sh
# A child for tests: answers every message, but misbehaves once, in the way $1, in step $2, about
# shardId-000000000000 only. With "shared" as $3 it takes up what it is offered.
kind=$1
step=$2
form=$3
victim=shardId-000000000000
shard=
shared=
extensions=

# Answers the call $1; $2 is added to the message.
answer() {
  if [ -n "$shared" ]; then
    printf '\n{"action":"status","responseFor":"%s","shardId":"%s"%s%s}\n' \
      "$1" "$shard" "$extensions" "$2"
  else
    printf '\n{"action":"status","responseFor":"%s"%s%s}\n' "$1" "$extensions" "$2"
  fi
  extensions=
}

# Asks for a checkpoint and reads the reply.
ask() {
  if [ -n "$shared" ]; then
    printf '{"action":"checkpoint","sequenceNumber":"42","shardId":"%s"}\n' "$shard"
  else
    printf '{"action":"checkpoint","sequenceNumber":"42"}\n'
  fi
  read -r reply
}

misbehave() {
  case $kind in
    killed) kill -9 $$ ;;
    exits) exit 3 ;;
    hung) exec sleep 600 ;;
    garbage)
      echo 'this is no message'
      echo '{"action":"sta'
      answer "$1"
      ;;
    babbling)
      i=0
      while [ $i -lt 4000 ]; do
        echo "a line of sixty characters that nobody has asked for, number $i"
        i=$((i + 1))
      done
      answer "$1"
      ;;
    half)
      printf '{"action":"status","resp'
      exit 0
      ;;
    closed)
      exec 1>&-
      exec sleep 600
      ;;
    slow)
      sleep 0.3
      answer "$1"
      ;;
    wrong) answer "somethingElse" ;;
    givesUp) answer "$1" ',"error":"ValueError: no such airport"' ;;
    unnamed)
      printf '{"action":"status","responseFor":"%s"}\n' "$1"
      answer "$1"
      ;;
    logs)
      printf '{"action":"log","level":"warn","message":"a \\"line\\"","shardId":"%s"}\n' "$shard"
      printf '{"action":"log","level":"debug","message":"without shard"}\n'
      printf '{"action":"log","level":"loud","message":"no such level"}\n'
      answer "$1"
      ;;
    checkpoint)
      ask
      echo "reply: $reply" >&2
      case $reply in
        *'"error":null'*) answer "$1" ;;
        *) answer "refused" ;;
      esac
      ;;
    *) answer "$1" ;;
  esac
}

reach() {
  if [ "$shard" != $victim ]; then
    answer "$1"
  elif [ "$1" = "$step" ]; then
    misbehave "$1"
  elif [ "$1" = processRecords ] && [ "$step" = checkpointReply ]; then
    ask
    misbehave "$1"
  else
    answer "$1"
  fi
}

while [ "$kind" != slowReader ] || sleep 0.3; read -r line; do
  case $line in
    *'"shardId":"'*)
      rest=${line#*'"shardId":"'}
      shard=${rest%%'"'*}
      ;;
  esac
  case $line in
    '{"action":"initialize"'*)
      case $form$line in
        shared*'"extensions":["shards","log"]'*)
          shared=yes
          extensions=',"extensions":["shards","log","later"]'
          ;;
        shared*'"extensions":["log"]'*) extensions=',"extensions":["log"]' ;;
      esac
      reach initialize
      ;;
    '{"action":"processRecords"'*) reach processRecords ;;
    '{"action":"shutdownRequested"'*) reach shutdownRequested ;;
    '{"action":"leaseLost"'*) reach leaseLost ;;
    '{"action":"shardEnded"'*) reach shardEnded ;;
  esac
done
